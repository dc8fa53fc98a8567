package gslb.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// `gslb plan` and `gslb simulate` on files: what they print, and what they end with.
final class ShiftCommandsTest {
  @TempDir Path folder;
  private Path old;
  private Path next;

  private record Run(int code, String out, String err) {}

  private static Run run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command =
        Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int code = command.execute(arguments);
    return new Run(code, out.toString(), err.toString());
  }

  @BeforeEach
  void write() throws IOException {
    Files.writeString(
        folder.resolve("zone"),
        """
        $TTL 300
        @ IN SOA ns1 hostmaster 1 3600 600 604800 60
        @ IN NS ns1
        ns1 IN A 192.0.2.53
        """);
    old = configuration("old.yaml", "{weighted: {eu: 90, us: 10}}", "5s");
    next = configuration("next.yaml", "{weighted: {eu: 80, us: 20}}", "6s");
  }

  private Path configuration(String name, String policy, String ttl) throws IOException {
    return Files.writeString(
        folder.resolve(name),
        """
        geo: {networks: {office: [198.18.0.0/15]}}
        zones: {gslb.example: {file: zone}}
        pools:
          eu: {capacity: 60, endpoints: [{address: 192.0.2.1}]}
          us: {capacity: 50, endpoints: [{address: 192.0.2.2}]}
          ap: {capacity: 70, endpoints: [{address: 192.0.2.3}]}
        services:
          www:
            names: [www.gslb.example]
            ttl: %s
            demand: 60
            policy: [%s, ap]
        """
            .formatted(ttl, policy));
  }

  private Run plan(String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("plan", "--from", old.toString(), "-c", next.toString()));
    arguments.addAll(List.of(more));
    return run(arguments.toArray(String[]::new));
  }

  private Run simulate(String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("simulate", "--offline", "-c", old.toString()));
    arguments.addAll(List.of(more));
    return run(arguments.toArray(String[]::new));
  }

  @Test
  void aTenthMoves() {
    Run run = plan();
    assertThat(run.err()).contains("next.yaml:1:18: warning: network 'office' is not used");
    assertThat(run.code()).isEqualTo(ExitCode.OK);
    assertThat(run.out())
        .contains("www: 10.0 % of clients move", "ttl 5 s → 6 s", "1 of 1 service changes");
    assertThat(plan("--json").out()).startsWith("{").contains("\"mostDisturbed\":0.1");
  }

  @Test
  void moreThanTheLimitEndsWithOne() {
    assertThat(plan("--fail-above", "10.5%").code()).isEqualTo(ExitCode.OK);
    Run run = plan("--fail-above", "9.5%");
    assertThat(run.code()).isEqualTo(ExitCode.NEGATIVE);
    assertThat(run.err()).contains("above 9.5%");
    assertThat(plan("--fail-above", "10").code()).isEqualTo(ExitCode.USAGE);
    assertThat(plan("--fail-above", "101%").code()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void whatIsDownInBothMovesNobody() {
    assertThat(plan("--down", "us").out()).contains("www: 0 % of clients move");
    Run run = plan("--down", "eus");
    assertThat(run.code()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("with that address; did you mean 'eu'?");
  }

  /// RFC 5952: an address has one canonical form, but may be written in others.
  @Test
  void anEndpointIsKnownHoweverItsAddressIsWritten() throws IOException {
    for (Path file : List.of(old, next)) {
      Files.writeString(file, Files.readString(file).replace("192.0.2.2", "'2001:db8::2'"));
    }
    assertThat(plan("--down", "2001:DB8:0:0::2").out()).contains("www: 0 % of clients move");
  }

  @Test
  void clientsOfAFileWeigh() throws IOException {
    Path seen =
        Files.writeString(
            folder.resolve("seen"), "# seen\nwww 198.18.1.0/24 3\n\nwww 203.0.113.9\n");
    configuration("next.yaml", "{geo: {networks/office: us, default: eu}}", "5s");
    configuration("old.yaml", "eu", "5s");
    Run run = plan("--weight", "traffic", "--clients", seen.toString());
    assertThat(run.out()).contains("www: 75.0 % of clients move");
    assertThat(plan("--weight", "traffic").code()).isEqualTo(ExitCode.USAGE);
    Files.writeString(seen, "www 198.18.1.0/24 3\nwww nowhere 1\n");
    Run wrong = plan("--weight", "traffic", "--clients", seen.toString());
    assertThat(wrong.code()).isEqualTo(ExitCode.USAGE);
    assertThat(wrong.err()).contains("seen:2: not a client");
    Files.writeString(seen, "www 198.18.1.0/24 0\n");
    assertThat(plan("--clients", seen.toString()).err()).contains("seen:1: not a client");
    Files.writeString(seen, "www 198.18.1.0/24\nwwx 198.18.1.0/24\n");
    Run unknown = plan("--weight", "traffic", "--clients", seen.toString());
    assertThat(unknown.code()).isEqualTo(ExitCode.USAGE);
    assertThat(unknown.err()).contains("there is no service 'wwx'; did you mean 'www'?");
    Run simulated = simulate("--down", "eu", "--weight", "traffic", "--clients", seen.toString());
    assertThat(simulated.code()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void aFileWithErrorsIsRefused() throws IOException {
    Files.writeString(next, "pols: {}\n");
    Run run = plan();
    assertThat(run.code()).isEqualTo(ExitCode.CONFIG);
    assertThat(run.err()).contains("unknown key 'pols'");
  }

  @Test
  void loadGoesOnWhenAPoolFails() {
    Run run = simulate("--down", "eu");
    assertThat(run.code()).isEqualTo(ExitCode.OK);
    assertThat(run.out())
        .contains(
            "eu down",
            "us 120.0 % → overflow of 10 (16.7 % of what comes): 10 to ap (14.3 %)",
            "all of a demand of 60 is served");
    assertThat(simulate("--down", "eu", "--demand", "www=30").out()).doesNotContain("overflow of");
    assertThat(simulate("--drain", "eu=50%", "--json").out()).contains("\"second\":");
  }

  @Test
  void scenariosThatDoNotFitAreRefused() {
    assertThat(simulate("--down", "xx").code()).isEqualTo(ExitCode.NEGATIVE);
    assertThat(simulate("--drain", "eu=0%").code()).isEqualTo(ExitCode.USAGE);
    assertThat(simulate("--drain", "eu=half").code()).isEqualTo(ExitCode.USAGE);
    assertThat(simulate("--weight", "v5").code()).isEqualTo(ExitCode.USAGE);
    assertThat(simulate("--demand", "www=-1").code()).isEqualTo(ExitCode.USAGE);
    assertThat(simulate("--demand", "www=1000000001").code()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void withoutAnyFileTheCommandLineIsWrong() {
    assertThat(run("plan").code()).isEqualTo(ExitCode.USAGE);
    assertThat(run("plan", "--from", old.toString()).code()).isEqualTo(ExitCode.USAGE);
    assertThat(run("plan", "-c", next.toString(), "--down", "eu").code()).isEqualTo(ExitCode.USAGE);
  }
}
