package gslb.trials.script;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.trials.Peer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The commands of RFC 8906 §8, run by `dig` itself against a server on loopback, with the
/// expectations of the RFC.
@SuppressWarnings("StringSplitter")
final class Rfc8906Test {
  private static final String ZONE = "example.org";

  private static LoopbackWay server;
  private static Peer dig;

  @BeforeAll
  static void serve() throws IOException {
    dig = Peer.named("dig");
    String file = "rfc8906-8.2.10-several-known-options-at-once" + ScriptTest.ENDING;
    Script script = ScriptReader.read(file, Files.readString(ScriptTest.FOLDER.resolve(file)));
    Theatre theatre = new Theatre(file);
    for (Step step : script.steps()) {
      if (step instanceof Step.Write write) {
        theatre.change(write);
      }
    }
    theatre.open();
    server = new LoopbackWay(theatre);
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  private static String ask(String command) throws IOException, InterruptedException {
    InetSocketAddress address = server.address(Over.UDP);
    List<String> arguments = new ArrayList<>();
    arguments.add("@" + address.getAddress().getHostAddress());
    arguments.addAll(List.of("-p", String.valueOf(address.getPort()), "+tries=1", "+timeout=10"));
    arguments.addAll(List.of(command.replace("$zone", ZONE).split(" ")));
    return dig.run(arguments.toArray(String[]::new));
  }

  private static List<String> flags(String output) {
    int from = output.indexOf(";; flags: ") + ";; flags: ".length();
    return List.of(output.substring(from, output.indexOf(';', from)).split(" "));
  }

  /// Columns: section, command, status, whether there is an SOA record in the answer section,
  /// whether AA is set, what else must and must not be printed (`!`).
  @ParameterizedTest(name = "{0}: dig {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "8.1.1|+noedns +noad +norec soa $zone|NOERROR|soa|aa|!EDNS: version",
        "8.1.2|+noedns +noad +norec type1000 $zone|NOERROR|none|aa|ANSWER: 0",
        "8.1.3.1|+noedns +noad +norec +cd soa $zone|NOERROR|soa|aa|!EDNS: version",
        "8.1.3.2|+noedns +norec +ad soa $zone|NOERROR|soa|aa|!EDNS: version",
        "8.1.3.3|+noedns +noad +norec +zflag soa $zone|NOERROR|soa|aa|!MBZ",
        "8.1.3.4|+noedns +noad +rec soa $zone|NOERROR|soa|aa|flags: qr aa rd;",
        "8.1.4|+noedns +noad +opcode=15 +norec +header-only|NOTIMP|none|-|opcode: RESERVED15",
        "8.1.5|+noedns +noad +norec +tcp soa $zone|NOERROR|soa|aa|(TCP)",
        "8.2.1|+nocookie +edns=0 +noad +norec soa $zone|NOERROR|soa|aa|EDNS: version: 0",
        "8.2.2|+nocookie +edns=1 +noednsneg +noad +norec soa $zone|BADVERS|none|-|EDNS: version: 0",
        "8.2.3|+nocookie +edns=0 +noad +norec +ednsopt=100 soa $zone|NOERROR|soa|aa"
            + "|EDNS: version: 0&!OPT=100",
        "8.2.4|+nocookie +edns=0 +noad +norec +ednsflags=0x40 soa $zone|NOERROR|soa|aa"
            + "|EDNS: version: 0&!MBZ",
        "8.2.5|+nocookie +edns=1 +noednsneg +noad +norec +ednsflags=0x40 soa $zone|BADVERS|none|-"
            + "|EDNS: version: 0&!MBZ",
        "8.2.6|+nocookie +edns=1 +noednsneg +noad +norec +ednsopt=100 soa $zone|BADVERS|none|-"
            + "|EDNS: version: 0&!OPT=100",
        "8.2.7|+norec +dnssec +bufsize=512 +ignore dnskey $zone|NOERROR|none|aa|EDNS: version: 0",
        "8.2.8|+nocookie +edns=0 +noad +norec +dnssec soa $zone|NOERROR|soa|aa"
            + "|EDNS: version: 0, flags: do",
        "8.2.9|+nocookie +edns=1 +noednsneg +noad +norec +dnssec soa $zone|BADVERS|none|-"
            + "|EDNS: version: 0, flags: do",
        "8.2.10|+edns=0 +noad +norec +cookie +nsid +expire +subnet=0.0.0.0/0 soa $zone|NOERROR|soa"
            + "|aa|EDNS: version: 0&COOKIE: &(good)&NSID: &CLIENT-SUBNET: 0.0.0.0/0/0"
      })
  void digGetsWhatTheRfcExpects(
      String section, String command, String status, String soa, String aa, String printed)
      throws Exception {
    String output = ask(command);
    assertThat(output).as(section).contains("status: " + status + ",");
    String answers = output.contains(";; ANSWER SECTION:") ? "soa" : "none";
    assertThat(answers).as(output).isEqualTo(soa);
    if (soa.equals("soa")) {
      assertThat(output.toLowerCase(Locale.ROOT))
          .containsPattern(ZONE + "\\.\\s+3600\\s+in\\s+soa\\s+ns1\\.");
    }
    assertThat(flags(output).contains("aa")).as(output).isEqualTo(aa.equals("aa"));
    assertThat(flags(output)).as(output).doesNotContain("ad", "ra");
    for (String part : printed.split("&")) {
      if (part.startsWith("!")) {
        assertThat(output).doesNotContain(part.substring(1));
      } else {
        assertThat(output).contains(part);
      }
    }
  }
}
