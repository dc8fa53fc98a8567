package gslb.trials.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gslb.trials.script.Expectation.Edns;
import gslb.trials.script.Expectation.Order;
import gslb.trials.script.Expectation.RecordSet;
import gslb.trials.script.Expectation.Size;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a script may say, and that a reply that is not what it says is found and shown.
@SuppressWarnings("StringConcatToTextBlock")
final class ScriptLanguageTest {
  private static final String ZONE =
      """
      title A claim

      zone example.org
        $TTL 300
        @ SOA ns1 hostmaster 1 3600 900 1209600 60
        @ NS ns1.example.net.
        www A 192.0.2.80
        www A 192.0.2.81

      """;

  private static List<String> failures(String text) throws Exception {
    return Performance.of(ScriptReader.read("a.dns-script", text), DirectWay::new).failures();
  }

  /// The lines below stand at line 10.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "qery www.example.org A|a.dns-script:10: 'qery' is no keyword; config, zone",
        "query|a.dns-script:10: the line ends where a name must stand",
        "query www.example.org|a.dns-script:10: the line ends where a type must stand",
        "query www.example.org AAAAA|a.dns-script:10: 'AAAAA' is no type",
        "query a..b A|a.dns-script:10: 'a..b' is no name",
        "query www.example.org A +dnsec|a.dns-script:10: '+dnsec' is no option of a query",
        "query www.example.org A +subnet=192.0.2.0/33|a.dns-script:10: '33' is no prefix length",
        "query www.example.org A +opcode=16|a.dns-script:10: '16' is no opcode; it is a number",
        "query www.example.org A over ip|a.dns-script:10: 'ip' is no transport; udp, tcp or tls",
        "query www.example.org A from here|a.dns-script:10: 'here' is no address",
        "query www.example.org A A|a.dns-script:10: 'A' is one word too many",
        "query raw 123|a.dns-script:10: '123' is not hexadecimal",
        "query +dnssec|a.dns-script:10: there is no question; a name and a type",
        "query www.example.org A|a.dns-script:10: nothing is expected of this query",
        "expect NOERROR|a.dns-script:10: there is no query above",
        "http|a.dns-script:10: the line ends where a host must stand",
        "http www.example.org from here|a.dns-script:10: 'here' is no address",
        "http www.example.org|a.dns-script:10: nothing is expected of this request",
        "flip eu sideways|a.dns-script:10: 'sideways' is no verdict; up, down or unknown",
        "time +5|a.dns-script:10: '+5' is no duration",
        "time noon|a.dns-script:10: 'noon' is no time",
        "deadline eu soon|a.dns-script:10: 'soon' is no duration",
        "reload refused|a.dns-script:10: 'reload refused' does not say why",
        "zone|a.dns-script:10: 'zone' has no name",
        "time +5s|a.dns-script: nothing is asked"
      })
  void aLineThatIsWrongIsNamedWithItsNumber(String line, String message) {
    assertThatThrownBy(() -> ScriptReader.read("a.dns-script", ZONE + line + "\n"))
        .isInstanceOf(ScriptError.class)
        .hasMessageStartingWith(message);
  }

  /// The lines below stand at line 12, behind a query and its 'expect'.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "anser|a.dns-script:12: 'anser' is no entry of 'expect'; question, answer",
        "answer|a.dns-script:12: section 'answer' has no records",
        "answer any way|a.dns-script:12: 'any way' is no order",
        "size < 512|a.dns-script:12: a size is '<=' or '='",
        "edns nsd x|a.dns-script:12: 'nsd' is nothing of EDNS",
        "edns do subnet|a.dns-script:12: the line ends where what the option holds must stand"
      })
  void anEntryThatIsWrongIsNamedWithItsNumber(String line, String message) {
    String text = ZONE + "query www.example.org A\nexpect NOERROR aa\n  " + line + "\n";
    assertThatThrownBy(() -> ScriptReader.read("a.dns-script", text))
        .isInstanceOf(ScriptError.class)
        .hasMessageStartingWith(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "www.example.org 300 A 192.0.2.80|a.dns-script:13: owner 'www.example.org' is relative",
        "www.example.org. A 192.0.2.80|a.dns-script:13: 'A' is no TTL",
        "www.example.org. 300 AA 192.0.2.80|a.dns-script:13: 'AA' is no type",
        "www.example.org. 300 A 192.0.2.256|a.dns-script:13: '192.0.2.256' is no A"
      })
  void aRecordThatIsWrongIsNamedWithItsNumber(String record, String message) {
    String text =
        ZONE + "query www.example.org A\nexpect NOERROR aa\n  answer\n    " + record + "\n";
    assertThatThrownBy(() -> ScriptReader.read("a.dns-script", text))
        .isInstanceOf(ScriptError.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void aScriptHasATitle() {
    assertThatThrownBy(() -> ScriptReader.read("a.dns-script", "query . A\nexpect REFUSED\n"))
        .hasMessageStartingWith("a.dns-script:1: there is no title");
  }

  @Test
  void aConfigurationThatIsRefusedIsShownAtTheLinesOfTheScript() {
    String text =
        """
        title A claim

        config
          services:
            www: {names: [www.example.org], polcy: eu}

        zone example.org
          @ 300 SOA ns1 hostmaster 1 3600 900 1209600 60
          www 300 A 192.0.2.256

        query www.example.org A
        expect NOERROR
        """;
    assertThatThrownBy(() -> failures(text))
        .hasMessageContaining("a.dns-script#config:5:37: unknown key 'polcy'")
        .hasMessageContaining("a.dns-script#example.org.zone:9");
  }

  @Test
  void whatWasExpectedStandsBesideWhatCame() throws Exception {
    String text =
        ZONE
            + """
            query www.example.org A over udp
            expect NXDOMAIN aa
              answer any order
                www.example.org. 300 A 192.0.2.81
                www.example.org. 60..200 A 192.0.2.80
            """;
    assertThat(failures(text))
        .containsExactly(
            """
            a.dns-script:10: over udp, query www.example.org A over udp
            expected, line 11:
              NXDOMAIN aa
                answer
                  www.example.org. 300 A 192.0.2.81
                  www.example.org. 60..200 A 192.0.2.80
            got:
              NOERROR aa
                answer
                  www.example.org. 300 A 192.0.2.80
                  www.example.org. 300 A 192.0.2.81
            """);
  }

  @Test
  void silenceIsToldFromAReplyBothWays() throws Exception {
    assertThat(failures(ZONE + "query www.example.org A over tcp\nexpect silence\n"))
        .singleElement()
        .asString()
        .startsWith("a.dns-script:10: over tcp")
        .contains("silence is expected, and a reply came");
    assertThat(failures(ZONE + "query www.example.org A +qr over tcp\nexpect NOERROR\n"))
        .singleElement()
        .asString()
        .contains("a reply is expected, and none came");
  }

  @Test
  void stepsThatCannotBeTakenSayWhy() {
    String ask = "query www.example.org A over udp\nexpect silence\n";
    assertThatThrownBy(() -> failures(ZONE + "flip eu down\n" + ask))
        .hasMessage("a.dns-script:10: there is no pool 'eu'");
    assertThatThrownBy(() -> failures(ZONE + "query . A +cookie=again\nexpect REFUSED\n"))
        .hasMessage("a.dns-script:10: '+cookie=again', and no reply had a cookie");
    String pools =
        "config\n  pools: {eu: {endpoints: [{address: 192.0.2.1}]}}\n  services:\n"
            + "    www: {names: [www.example.org], policy: eu}\n\n";
    String zone = ZONE.replace("  www A 192.0.2.80\n  www A 192.0.2.81\n", "");
    assertThatThrownBy(() -> failures(zone + pools + "flip eu down\n" + ask))
        .hasMessage(
            "a.dns-script:13: endpoint 192.0.2.1 has no monitor; what nothing monitors is up");
  }

  @Test
  void aReloadThatGoesOtherThanWrittenIsAFailure() throws Exception {
    String ask = "query example.net A\nexpect REFUSED\n\n";
    assertThat(failures(ZONE + ask + "reload refused\n  anything\n"))
        .containsExactly("a.dns-script:13: the configuration is taken, and must be refused");
    assertThat(failures(ZONE + ask + "zone example.org\n  @ 60 A 192.0.2.1\n\nreload\n"))
        .singleElement()
        .asString()
        .startsWith("a.dns-script:16: the configuration is refused:");
    assertThat(
            failures(
                ZONE + ask + "zone example.org\n  @ 60 A 192.0.2.1\n\nreload refused\n  moon\n"))
        .singleElement()
        .asString()
        .startsWith("a.dns-script:16: no diagnostic says 'moon':");
  }

  /// Every `expect` of every script is changed in one place, and every reply must then be found
  /// wrong: what holds above holds because it was looked at.
  private static void everyReplyIsWrong(UnaryOperator<Expectation> change) throws Exception {
    for (Path file : ScriptTest.files()) {
      Script script = ScriptTest.read(file);
      List<Step> steps = new ArrayList<>();
      for (Step step : script.steps()) {
        steps.add(
            step instanceof Step.Ask ask
                ? new Step.Ask(ask.where(), ask.queries(), change.apply(ask.expectation()))
                : step);
      }
      Performance.Result result =
          Performance.of(new Script(script.file(), script.title(), steps), DirectWay::new);
      assertThat(result.failures()).as(script.file()).hasSize(result.asked());
    }
  }

  private static Expectation with(
      Expectation e, String rcode, List<String> flags, List<RecordSet> sections) {
    return new Expectation(
        e.where(), false, rcode, flags, e.question(), sections, e.edns(), e.size());
  }

  @Test
  void noReplyHasAnotherRcode() throws Exception {
    everyReplyIsWrong(e -> with(e, "SERVFAIL", e.flags(), e.sections()));
  }

  @Test
  void noReplyHasAnotherFlag() throws Exception {
    everyReplyIsWrong(e -> with(e, e.rcode(), List.of("ra"), e.sections()));
  }

  @Test
  void noReplyHasOneRecordMore() throws Exception {
    String text = "moon.example. 60 A 192.0.2.1";
    ExpectedRecord moon = ExpectedRecord.read(new Words(null, text), text);
    everyReplyIsWrong(
        e -> {
          List<RecordSet> sections = new ArrayList<>();
          sections.add(new RecordSet("additional", Order.ANY, List.of(moon)));
          for (RecordSet set : e.sections()) {
            if (set.name().equals("additional")) {
              List<ExpectedRecord> records = new ArrayList<>(set.records());
              records.add(moon);
              sections.set(0, new RecordSet("additional", Order.ANY, records));
            } else {
              sections.add(set);
            }
          }
          return with(e, e.rcode(), e.flags(), sections);
        });
  }

  @Test
  void noReplyHasOneRecordLess() throws Exception {
    everyReplyIsWrong(
        e ->
            e.sections().isEmpty()
                ? with(e, "SERVFAIL", e.flags(), e.sections())
                : with(e, e.rcode(), e.flags(), e.sections().subList(1, e.sections().size())));
  }

  @Test
  void noReplyHasAnotherEdnsVersionQuestionOrSize() throws Exception {
    Edns first = new Edns(true, 1, Optional.empty(), 0, List.of());
    everyReplyIsWrong(
        e ->
            new Expectation(
                e.where(),
                false,
                e.rcode(),
                e.flags(),
                e.question(),
                e.sections(),
                Optional.of(first),
                e.size()));
    everyReplyIsWrong(
        e ->
            new Expectation(
                e.where(),
                false,
                e.rcode(),
                e.flags(),
                Optional.of("moon.example. A"),
                e.sections(),
                e.edns(),
                e.size()));
    everyReplyIsWrong(
        e ->
            new Expectation(
                e.where(),
                false,
                e.rcode(),
                e.flags(),
                e.question(),
                e.sections(),
                e.edns(),
                Optional.of(new Size(11, false))));
  }

  @Test
  void aResponseThatIsNotExpectedIsShown() throws Exception {
    String text =
        """
        title A claim

        config
          pools:
            eu: {redirect-to: "https://eu.example.net", endpoints: [{address: 192.0.2.10}]}
          services:
            www: {names: [www.example.org], policy: eu, redirect: {hosts: [www.example.org]}}

        zone example.org
          $TTL 300
          @ SOA ns1 hostmaster 1 3600 900 1209600 60
          @ NS ns1.example.net.

        query www.example.org MX
        expect NOERROR aa
          authority
            example.org. 60 SOA ns1.example.org. hostmaster.example.org. 1 3600 900 1209600 60

        http www.example.org/a from 127.0.0.9
          302 https://us.example.net/a
          503
        http example.org
          404
        """;
    String shown =
        """
        a.dns-script:19: http www.example.org/a from 127.0.0.9
        expected, one of:
          302 https://us.example.net/a
          503
        got:
          302 https://eu.example.net/a
        """;
    assertThat(failures(text)).containsExactly(shown);
    Script script = ScriptReader.read("a.dns-script", text);
    assertThat(Performance.of(script, LoopbackWay::new).failures()).containsExactly(shown);
  }
}
