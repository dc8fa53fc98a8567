package gslb.redirect;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Address;
import gslb.redirect.RedirectSnapshot.Rehearsal;
import org.junit.jupiter.api.Test;

/// What a request would get is what {@link RedirectTest} holds of requests.
final class RehearsalTest {
  private static final Address CLIENT = Address.of("192.0.2.1");

  private final Fixture.Recorder steering = new Fixture.Recorder();
  private final RedirectSnapshot snapshot = Fixture.snapshot(1, steering);

  @Test
  void aKnownHostIsRedirectedWithPathAndQuery() {
    assertThat(snapshot.rehearse(Fixture.HOST + ".", CLIENT, "/a?b=%20c", 42))
        .isEqualTo(new Rehearsal(302, Fixture.BASE + "/a?b=%20c", ""));
    assertThat(steering.last).hasValue(new Fixture.Asked(0, true, 0, CLIENT.low(), 42));
    assertThat(snapshot.serviceOf(Fixture.HOST)).hasValue(0);
  }

  @Test
  void whatIsNotRedirectedSaysWhy() {
    assertThat(snapshot.rehearse("other.example", CLIENT, "/", 0))
        .isEqualTo(new Rehearsal(404, "", "nothing is redirected for this host"));
    assertThat(snapshot.serviceOf("other.example")).isEmpty();
    assertThat(snapshot.rehearse("none.gslb.example", CLIENT, "/", 0))
        .isEqualTo(new Rehearsal(503, "", "no pool can take this request now"));
    assertThat(snapshot.rehearse(Fixture.HOST, CLIENT, "/" + "a".repeat(8_192), 0).status())
        .isEqualTo(414);
    for (String target : new String[] {"", "a", "/a b", "/a\\b", "/a#b", "/é"}) {
      assertThat(snapshot.rehearse(Fixture.HOST, CLIENT, target, 0).status())
          .as(target)
          .isEqualTo(400);
    }
  }
}
