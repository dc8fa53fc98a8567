package gslb.config;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Address;
import gslb.cluster.ClusterSettings;
import gslb.cluster.ClusterSettings.Member;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class ClusterSectionTest {
  private static final String GOOD =
      """
      node: {name: fra1}
      sites:
        frankfurt: {continent: EU, country: DE, at: [50.11, 8.68]}
        virginia: {continent: NA, country: US, at: [38.95, -77.45]}
      cluster:
        name: prod
        members:
          fra1: {number: 1, address: 127.0.0.1, site: frankfurt}
          iad1: {number: 200, address: "::1", port: 5800, site: virginia}
        secret-file: cluster.key
        vantage-check: [192.0.2.253]
      """;

  @Test
  void everyKeyArrives() {
    Configuration configuration = Loaded.good(GOOD);
    ClusterSettings cluster = Objects.requireNonNull(configuration.cluster());
    Member fra1 = new Member("fra1", 1, Address.of("127.0.0.1"), 5701, "frankfurt");
    Member iad1 = new Member("iad1", 200, Address.of("::1"), 5800, "virginia");
    assertThat(cluster.name()).isEqualTo("prod");
    assertThat(cluster.self()).isEqualTo(fra1);
    assertThat(cluster.members()).containsExactly(fra1, iad1);
    // The final line end of a text file does not count.
    assertThat(cluster.secret()).hasToString("ClusterSecret[32 bytes]");
    assertThat(configuration.health().vantageCheck()).containsExactly(Address.of("192.0.2.253"));
    assertThat(configuration.drawSeed()).isEqualTo("prod");
  }

  @Test
  void withoutTheSectionTheNodeIsAlone() {
    Configuration configuration = Loaded.good("node: {name: fra1}\n");
    assertThat(configuration.cluster()).isNull();
    assertThat(configuration.drawSeed()).isEqualTo("gslb");
  }

  @Test
  void nodeIsAMember() {
    Loaded.refused(
        GOOD.replace("name: fra1", "name: »fra2"),
        "this node, 'fra2', is not among the members",
        "must be one of fra1 or iad1",
        "did you mean 'fra1'?");
    Loaded.refused(
        GOOD.replace("node: {name: fra1}\n", "").replace("cluster:", "»cluster:"),
        "this node, 'gslb', is not among the members");
  }

  @Test
  void membersAreOnLoopbackInThisVersion() {
    Loaded.refused(
        GOOD.replace("address: 127.0.0.1", "address: »10.0.0.1"),
        "'address' of member 'fra1' is off loopback",
        "cannot authenticate");
  }

  @Test
  void numbersAndPortsAreTakenOnce() {
    Loaded.refused(
        GOOD.replace("number: 200", "number: »1"),
        "number 1 of member 'iad1' is taken",
        "etc/gslb.yaml:8:20");
    Loaded.refused(
        GOOD.replace("\"::1\", port: 5800", "127.0.0.1, port: »5701"),
        "port 5701 of 127.0.0.1 of member 'iad1' is taken");
    Loaded.refused(GOOD.replace("\"::1\", port: 5800", "»127.0.0.1"), "port 5701 of 127.0.0.1");
  }

  @Test
  void twoSitesNeedAVantageCheck() {
    Loaded.warned(
        GOOD.replace("  vantage-check: [192.0.2.253]\n", "").replace("cluster:", "»cluster:"),
        "two sites and no 'vantage-check'");
  }

  @Test
  void secretIsLongEnough() {
    refusedSecret("0123456789abcdef0123456789abcde\n", "has 31 bytes");
    refusedSecret("x".repeat(5000), "has more than 4096 bytes");
    refusedSecret("", "has 0 bytes");
    String cut = "\u0001".repeat(31) + "\n";
    assertThat(Loaded.load(CompleteFile.files(GOOD).with("etc/cluster.key", cut)).errors())
        .isEmpty();
  }

  private static void refusedSecret(String secret, String text) {
    Marked yaml = Marked.of(Loaded.MAIN, GOOD.replace("cluster.key", "»cluster.key"));
    Loaded loaded = Loaded.load(CompleteFile.files(yaml.text()).with("etc/cluster.key", secret));
    assertThat(loaded.errors()).hasSize(1);
    loaded.says(yaml.where(), text, "openssl rand -base64 32");
  }

  @Test
  void secretIsReadAndNotShown() {
    Marked yaml = Marked.of(Loaded.MAIN, GOOD.replace("cluster.key", "»cluster.key"));
    Loaded.load(CompleteFile.files(yaml.text()).without("etc/cluster.key"))
        .says(yaml.where(), "secret file 'etc/cluster.key' cannot be read");
    Loaded open = Loaded.load(CompleteFile.files(yaml.text()).readableByAll("etc/cluster.key"));
    open.says(yaml.where(), "can be read by every user", "chmod 600");
    assertThat(open.configuration().orElseThrow().toString()).doesNotContain("0123456789abcdef");
    assertThat(open.configuration().orElseThrow().files()).doesNotContain("etc/cluster.key");
  }
}
