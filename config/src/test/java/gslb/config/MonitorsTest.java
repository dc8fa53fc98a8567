package gslb.config;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.health.HealthSettings;
import gslb.health.HealthSettings.Monitored;
import gslb.health.Monitor;
import gslb.health.Monitor.Check;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class MonitorsTest {
  private static String config(String monitor) {
    return """
    sites:
      frankfurt: {continent: EU, country: DE, at: [50.11, 8.68]}
    monitors:
      web: %s
    pools:
      eu:
        site: frankfurt
        monitors: [web]
        endpoints: [{address: 192.0.2.1}, {address: "2001:db8::1"}]
      free:
        endpoints: [{address: 192.0.2.3}]
    """
        .formatted(monitor);
  }

  private static Monitor monitor(String yaml) {
    HealthSettings health = Loaded.good(config(yaml)).health();
    return health.monitored().getFirst().monitors().getFirst();
  }

  @Test
  void typeAloneSufficesForHttp() {
    Duration interval = Duration.ofSeconds(5);
    Duration timeout = Duration.ofSeconds(2);
    assertThat(monitor("{type: http}"))
        .isEqualTo(
            new Monitor(
                "web",
                new Check.Http(false, null, "/", 200, 299, null, true),
                80,
                interval,
                timeout,
                2,
                3));
    assertThat(monitor("{type: https}"))
        .isEqualTo(
            new Monitor(
                "web",
                new Check.Http(true, null, "/", 200, 299, null, true),
                443,
                interval,
                timeout,
                2,
                3));
    assertThat(monitor("{type: tcp, port: 25}"))
        .isEqualTo(new Monitor("web", new Check.Tcp(), 25, interval, timeout, 2, 3));
  }

  @Test
  void everyKeyArrives() {
    assertThat(
            monitor(
                "{type: https, port: 8443, host: WWW.example.org, path: '/a?b', expect: {status:"
                    + " 301, body: 'ok: 1'}, interval: 1500ms, timeout: 250ms, rise: 7, fall: 9,"
                    + " verify: false}"))
        .isEqualTo(
            new Monitor(
                "web",
                new Check.Http(true, "www.example.org", "/a?b", 301, 301, "ok: 1", false),
                8443,
                Duration.ofMillis(1500),
                Duration.ofMillis(250),
                7,
                9));
  }

  @Test
  void endpointsOfAPoolWithMonitorsAreMonitored() {
    HealthSettings health = Loaded.good(config("{type: http}")).health();
    assertThat(health.monitored()).extracting(Monitored::endpoint).containsExactly(0, 1);
    assertThat(health.monitored()).extracting(Monitored::site).containsOnly("frankfurt");
    assertThat(health.monitored())
        .extracting(m -> m.address().toString())
        .containsExactly("192.0.2.1", "2001:db8::1");
    assertThat(health.vantageCheck()).isEmpty();
  }

  @Test
  void timeoutIsLessThanTheInterval() {
    Loaded.refused(
        config("{type: http, interval: 2s, timeout: »2s}"),
        "monitor 'web' has timeout 2s and interval 2s; the timeout must be less");
    Loaded.refused(
        config("{type: http, interval: »1s}"), "monitor 'web' has timeout 2s and interval 1s");
  }

  @Test
  void keysThatTheTypeHasNoUseForAreRefused() {
    Loaded.refused(config("{type: tcp, port: 1, path: »/x}"), "'path'", "type tcp");
    Loaded.refused(config("{type: tcp, port: 1, host: »a.example}"), "'host'", "type tcp");
    Loaded.refused(config("{type: tcp, port: 1, expect: »{body: x}}"), "'expect'", "type tcp");
    Loaded.refused(config("{type: http, verify: »true}"), "'verify'", "it is for https");
  }

  @Test
  void tcpNeedsAPort() {
    Loaded.refused(config("{type: tcp}").replace("  web", "  »web"), "monitor 'web' has no 'port'");
  }

  @Test
  void statusesAreARangeInOrder() {
    Loaded.refused(
        config("{type: http, expect: {status: »299-200}}"), "the range is empty", "'200-299'");
    Loaded.refused(config("{type: http, expect: {status: »2xx}}"), "100 to 599");
  }

  @Test
  void durationsNeedAUnit() {
    Loaded.refused(
        config("{type: http, interval: »5}"), "the number 5", "add the unit, as in '5s'");
    Loaded.refused(config("{type: http, interval: »5 s}"), "units are ms, s, m and h");
    Loaded.refused(config("{type: http, interval: »1d}"), "units are ms, s, m and h");
    Loaded.refused(config("{type: http, interval: »99999999999s}"), "from 100ms to 1h");
  }

  @Test
  void monitorStandsOnceInAPool() {
    Loaded.refused(
        config("{type: http}").replace("[web]", "[web, »web]"), "monitor 'web' stands twice");
  }

  @Test
  void misspeltTypeIsProposed() {
    Loaded.refused(config("{type: »htps}"), "tcp, http or https", "did you mean 'http");
  }

  @Test
  void monitorThatNobodyUsesIsAWarning() {
    Loaded.warned(
        config("{type: http}").replace("monitors: [web]", "").replace("  web", "  »web"),
        "monitor 'web' is not used");
  }
}
