package gslb.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gslb.base.Address;
import gslb.base.Prefix;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ExplainRequestTest {
  private static Map<String, String> parameters(String written) {
    return Arrays.stream(written.split(" "))
        .map(one -> one.split("=", 2))
        .collect(Collectors.toMap(one -> one[0], one -> one[1], (_, last) -> last));
  }

  private static ExplainRequest read(String written) throws ExplainRefused {
    return ExplainRequest.of(parameters("name=www.gslb.example " + written));
  }

  @Test
  void aClientAsksItself() throws ExplainRefused {
    ExplainRequest request = read("client=198.51.100.7");
    assertThat(request.from()).isEqualTo(Address.of("198.51.100.7"));
    assertThat(request.subnet()).isNull();
    assertThat(request.decides()).isEqualTo(Address.of("198.51.100.7"));
    assertThat(request.via()).isEqualTo(ExplainRequest.Via.DNS);
    assertThat(request.type()).isEqualTo("A");
    assertThat(request.atMillis()).isEqualTo(OptionalLong.empty());
  }

  /// RFC 7871 §11.1: /24 and /56.
  @ParameterizedTest
  @CsvSource({"198.51.100.7, 198.51.100.0/24", "2001:db8:1:2ff::1, 2001:db8:1:200::/56"})
  void aResolverSendsThePrefixOfItsClient(String client, String subnet) throws ExplainRefused {
    ExplainRequest request = read("client=" + client + " resolver=192.0.2.53");
    assertThat(request.from()).isEqualTo(Address.of("192.0.2.53"));
    assertThat(request.subnet()).isEqualTo(Prefix.of(subnet));
    assertThat(request.decides()).isEqualTo(Prefix.of(subnet).address());
  }

  @Test
  void anEmptySubnetLeavesTheDecisionToTheSender() throws ExplainRefused {
    ExplainRequest request = read("client=198.51.100.7 resolver=192.0.2.53 subnet=0.0.0.0/0");
    assertThat(request.decides()).isEqualTo(Address.of("192.0.2.53"));
  }

  @Test
  void aMappedAddressIsTheIpv4AddressThatASocketShows() throws ExplainRefused {
    assertThat(read("client=::ffff:192.0.2.1").from()).isEqualTo(Address.of("192.0.2.1"));
  }

  @Test
  void timeAndListsAreRead() throws ExplainRefused {
    ExplainRequest request =
        read("client=::1 at=2026-11-21T14:00:00.250+01:00 down=eu,192.0.2.10 type=aaaa");
    assertThat(request.atMillis())
        .hasValue(Instant.parse("2026-11-21T13:00:00.250Z").toEpochMilli());
    assertThat(request.down()).containsExactly("eu", "192.0.2.10");
    assertThat(request.type()).isEqualTo("AAAA");
  }

  @Test
  void tooManyThatAreDownAreRefused() throws ExplainRefused {
    String most = "a,".repeat(ExplainRequest.DOWN_MAX - 1) + "a";
    assertThat(read("client=::1 down=" + most).down()).hasSize(ExplainRequest.DOWN_MAX);
    assertThatThrownBy(() -> read("client=::1 down=a," + most))
        .isInstanceOf(ExplainRefused.class)
        .hasMessageContaining("at most");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "via=http resolver=192.0.2.53|only a question over DNS has a resolver and subnet",
        "via=http client=192.0.2.1 type=A|only a question over DNS has a type",
        "client=192.0.2.1 path=/a|only a question over HTTP has a path",
        "via=http client=192.0.2.1 proxy=10.0.0.1|reads no PROXY header",
        "via=http client=192.0.2.1 name=www.gslb.example:80|is no host; write it as"
            + " www.example.org",
        "via=http client=192.0.2.1 name=www/gslb|is no host",
        "type=A|one of the parameters 'client' and 'resolver' must be given",
        "via=http|parameter 'client' must be given",
        "client=a.b|client 'a.b' is not an address",
        "client=192.0.2.1 subnet=192.0.2.1/24|is not a prefix",
        "client=192.0.2.1 resolver=::1 subnet=198.51.100.0/24|192.0.2.1 is not in subnet",
        "client=192.0.2.1 at=now|at 'now' is not a time",
        "client=192.0.2.1 via=smtp|via 'smtp' is neither dns nor http",
        "client=192.0.2.1 colour=red|unknown parameter 'colour'"
      })
  void whatDoesNotFitIsRefused(String written, String problem) {
    assertThatThrownBy(() -> read(written))
        .isInstanceOf(ExplainRefused.class)
        .hasMessageContaining(problem);
  }
}
