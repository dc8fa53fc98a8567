package gslb.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gslb.node.Node;
import gslb.node.Refused;
import gslb.testkit.FreePorts;
import gslb.testkit.TestCertificate;
import gslb.testkit.TestCertificate.Algorithm;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.DClass;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSIDOption;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// What is configured for the whole server reaches its answers: in a node made from files.
final class ServerOptionsTest {
  @TempDir Path folder;
  private int dnsPort;
  private int tlsPort;
  private int adminPort;

  @BeforeEach
  void choosePorts() throws IOException {
    List<Integer> ports = FreePorts.several(3);
    dnsPort = ports.get(0);
    tlsPort = ports.get(1);
    adminPort = ports.get(2);
    Files.writeString(
        folder.resolve("gslb.example.zone"),
        """
        $TTL 300
        @ SOA ns1 hostmaster 1 3600 600 604800 60
        @ NS ns1
        ns1 A 127.0.0.1
        www A 192.0.2.80
        """);
  }

  private Path configuration(String more) throws IOException {
    return Files.writeString(
        folder.resolve("gslb.yaml"),
        """
        node: {state-directory: state}
        listen:
          dns: ["127.0.0.1:%d"]
          dns-tls: ["127.0.0.1:%d"]
          admin: "127.0.0.1:%d"
        tls: {certificate: server.pem, key: server.key}
        zones: {gslb.example: {file: gslb.example.zone}}
        """
                .formatted(dnsPort, tlsPort, adminPort)
            + more);
  }

  private Node start(String more) throws IOException, Refused {
    return Node.start(configuration(more).toString(), Node.Edges.real());
  }

  private static TestCertificate certificate(String subject) {
    Instant now = Instant.now();
    return TestCertificate.selfSigned(
        Algorithm.EC, subject, now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(90)));
  }

  /// As renewal programs do: new files, renamed over the old ones.
  private void install(TestCertificate certificate) throws IOException {
    replace("server.key", certificate.keyPem());
    replace("server.pem", certificate.certificatePem());
  }

  private void replace(String file, String text) throws IOException {
    Path next = Files.writeString(folder.resolve(file + ".next"), text);
    Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rw-------"));
    Files.move(
        next,
        folder.resolve(file),
        StandardCopyOption.REPLACE_EXISTING,
        StandardCopyOption.ATOMIC_MOVE);
  }

  private DnsClient client() {
    return new DnsClient(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), dnsPort));
  }

  private static Message query(String name, int type, int dclass, EDNSOption... options)
      throws IOException {
    Message query = Message.newQuery(Record.newRecord(Name.fromString(name), type, dclass));
    query.addRecord(new OPTRecord(1232, 0, 0, 0, List.of(options)), Section.ADDITIONAL);
    return query;
  }

  private String nsid() {
    try {
      Message reply =
          client().udp(query("gslb.example.", Type.SOA, DClass.IN, new NSIDOption(new byte[0])));
      return reply.getOPT().getOptions(EDNSOption.Code.NSID).stream()
          .map(EDNSOption::toWire)
          .map(wire -> new String(wire, 4, wire.length - 4, StandardCharsets.US_ASCII))
          .findFirst()
          .orElse("none");
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Test
  void aRenewedCertificateIsShownWithoutReload() throws Exception {
    Peer kdig = Peer.named("kdig");
    install(certificate("one.gslb.example"));
    try (Node _ = start("")) {
      assertThat(tls(kdig)).contains("one.gslb.example", "status: NOERROR", "192.0.2.80");
      replace("server.pem", "-----BEGIN CERTIFICATE-----\nhalf");
      install(certificate("two.gslb.example"));
      TestCluster.await("the new one is shown", () -> tls(kdig).contains("two.gslb.example"));
      assertThat(tls(kdig)).contains("192.0.2.80");
    }
  }

  private String tls(Peer kdig) {
    try {
      return kdig.run(
          "-d", "+tls", "+timeout=5", "@127.0.0.1", "-p", "" + tlsPort, "www.gslb.example", "A");
    } catch (IOException | InterruptedException e) {
      return e.toString();
    }
  }

  @Test
  void aCertificateThatCannotBeReadIsSaidBeforeAnythingIsServed() throws Exception {
    install(certificate("one.gslb.example"));
    replace("server.key", certificate("other.gslb.example").keyPem());
    assertThatThrownBy(() -> start(""))
        .isInstanceOfSatisfying(
            Refused.class,
            refused ->
                assertThat(refused.diagnostics())
                    .anySatisfy(d -> assertThat(d.toString()).contains("server.key")));
    Files.delete(folder.resolve("server.key"));
    assertThatThrownBy(() -> start(""))
        .isInstanceOfSatisfying(
            Refused.class,
            refused ->
                assertThat(refused.diagnostics())
                    .anySatisfy(d -> assertThat(d.toString()).contains("cannot be read")));
  }

  @Test
  void aZoneThatChangesWithoutItsSerialIsServedAndSaid() throws Exception {
    install(certificate("one.gslb.example"));
    try (Node node = start("")) {
      Path zone = folder.resolve("gslb.example.zone");
      Files.writeString(zone, Files.readString(zone).replace("192.0.2.80", "192.0.2.81"));
      assertThat(node.reload().warnings())
          .anySatisfy(d -> assertThat(d.toString()).contains("its serial is 1 as before"));
      assertThat(DnsClient.addresses(client().ask("www.gslb.example", Type.A)))
          .containsExactly("192.0.2.81");
      assertThat(node.reload().warnings())
          .noneSatisfy(d -> assertThat(d.toString()).contains("serial"));
    }
  }

  @Test
  void identityAndAccessChangeByReload() throws Exception {
    install(certificate("one.gslb.example"));
    try (Node node = start("")) {
      assertThat(nsid()).isEqualTo("none");
      Message version = query("version.bind.", Type.TXT, DClass.CH);
      assertThat(client().udp(version).getRcode()).isEqualTo(Rcode.REFUSED);

      configuration("dns: {nsid: fra1, version: gslb}\n");
      node.reload();
      assertThat(nsid()).isEqualTo("fra1");
      assertThat(client().udp(version).getSection(Section.ANSWER).toString()).contains("gslb");

      configuration("dns: {access: {127.0.0.0/8: refuse}}\n");
      node.reload();
      assertThat(client().ask("www.gslb.example", Type.A).getRcode()).isEqualTo(Rcode.REFUSED);
    }
  }
}
