package gslb.trials;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.testkit.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.xbill.DNS.Type;

/// A gdnsd on a loopback port, with its configuration in a folder of the test.
final class Gdnsd implements AutoCloseable {
  private final Peer program = Peer.named("gdnsd");
  private final Path folder;
  private final int port;
  private Process server;

  /// @param folder empty
  Gdnsd(Path folder) throws IOException {
    this.folder = folder;
    port = FreePorts.one();
    for (String part : new String[] {"geoip", "zones", "run", "state"}) {
      Files.createDirectories(folder.resolve(part));
    }
  }

  /// @param file relative, such as `geoip/city.mmdb`
  void write(String file, byte[] content) throws IOException {
    Files.write(folder.resolve(file), content);
  }

  void write(String file, String content) throws IOException {
    Files.writeString(folder.resolve(file), content);
  }

  /// Writes the configuration, which must be one.
  ///
  /// @param config without the options
  void configure(String config) throws IOException, InterruptedException {
    write(
        "config",
        """
        options => {
          listen => [ "127.0.0.1:%d" ]
          run_dir => "%s"
          state_dir => "%s"
          zones_default_ttl => 60
        }
        """
                .formatted(port, folder.resolve("run"), folder.resolve("state"))
            + config);
    assertThat(program.run("-c", folder.toString(), "checkconf")).doesNotContain("fatal", "error:");
  }

  /// Starts it, again if it runs, and waits until it answers.
  ///
  /// @param name in one of its zones
  DnsClient start(String name) throws IOException, InterruptedException {
    close();
    server = program.start(folder.resolve("log"), "-c", folder.toString(), "start");
    DnsClient client = new DnsClient(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    TestCluster.await("gdnsd answers", () -> answers(client, name));
    return client;
  }

  private static boolean answers(DnsClient client, String name) {
    try {
      return !client.ask(name, Type.SOA).getHeader().toString().isEmpty();
    } catch (IOException _) {
      return false;
    }
  }

  /// What it printed.
  String log() throws IOException {
    return Files.readString(folder.resolve("log"));
  }

  @Override
  public void close() {
    if (server != null) {
      server.destroy();
      server.onExit().join();
    }
  }
}
