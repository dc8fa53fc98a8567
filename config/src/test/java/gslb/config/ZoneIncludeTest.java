package gslb.config;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.SourceSpan;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Files that zone files include are files of the configuration.
final class ZoneIncludeTest {
  private static final String YAML = "zones:\n  example.org: {file: zones/example.org.zone}\n";
  private static final String ZONE =
      """
      $TTL 300
      @ SOA ns1 hostmaster 1 1h 15m 2w 60
      @ NS ns1
      $INCLUDE parts/hosts
      """;

  private static MemoryFiles files(String hosts) {
    return new MemoryFiles()
        .with(Loaded.MAIN, YAML)
        .with("etc/zones/example.org.zone", ZONE)
        .with("etc/zones/parts/hosts", hosts);
  }

  @Test
  void theyAreListedAndCountedIntoTheDigest() {
    Configuration one = Loaded.load(files("ns1 A 192.0.2.53\n")).configuration().orElseThrow();
    Configuration other = Loaded.load(files("ns1 A 192.0.2.54\n")).configuration().orElseThrow();
    assertThat(one.files())
        .isEqualTo(List.of(Loaded.MAIN, "etc/zones/example.org.zone", "etc/zones/parts/hosts"));
    assertThat(one.digest()).isNotEqualTo(other.digest());
  }

  @Test
  void theirDefectsAreReportedAtTheirOwnPlaces() {
    Loaded.load(files("ns1 A 192.0.2.53\nbad A x\n"))
        .says(new SourceSpan("etc/zones/parts/hosts", 2, 7), "'x' is not an IPv4 address");
    Loaded.load(files("ns1 A 192.0.2.53\n").without("etc/zones/parts/hosts"))
        .says(
            new SourceSpan("etc/zones/example.org.zone", 4, 10),
            "file 'etc/zones/parts/hosts' cannot be read");
    Loaded.load(files("ns1 A 192.0.2.53\n").with("etc/zones/parts/hosts", new byte[] {'x', -1}))
        .says(new SourceSpan("etc/zones/parts/hosts", 1, 2), "UTF-8");
  }
}
