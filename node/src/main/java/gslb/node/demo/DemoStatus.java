package gslb.node.demo;

import gslb.admin.AdminCallException;
import gslb.admin.AdminClient;
import gslb.admin.AdminToken;
import gslb.admin.NodeStatus;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// What the demo says of itself in one line: which pools live, and what each node answers clients
/// in four countries right now.
final class DemoStatus {
  /// Country → the first two octets of a network there.
  static final Map<String, String> CLIENTS = clients();

  private final DemoLayout layout;
  private final Map<String, DemoClient> clients = new LinkedHashMap<>();

  DemoStatus(DemoLayout layout) {
    this.layout = layout;
    for (int i = 1; i <= layout.nodes(); i++) {
      clients.put(
          DemoLayout.nodeName(i), new DemoClient(DemoLayout.nodeAddress(i), layout.ports()));
    }
  }

  private static Map<String, String> clients() {
    Map<String, String> clients = new LinkedHashMap<>();
    clients.put("DE", "91.12");
    clients.put("US", "17.0");
    clients.put("BR", "200.147");
    clients.put("JP", "133.11");
    return Collections.unmodifiableMap(clients);
  }

  DemoClient client(DemoNode node) {
    return Objects.requireNonNull(clients.get(node.name()), node.name());
  }

  /// Whether every node answers and redirects, and has heard every other.
  boolean allReady(List<DemoNode> nodes) throws IOException {
    for (DemoNode node : nodes) {
      DemoClient client = client(node);
      if (client.address("91.12").isEmpty() || client.location().isEmpty() || !hasJoined(node)) {
        return false;
      }
    }
    return true;
  }

  private boolean hasJoined(DemoNode node) throws IOException {
    if (layout.nodes() == 1) {
      return true;
    }
    URI admin = URI.create("http://" + node.address() + ":" + layout.ports().admin());
    String token = Files.readString(node.token(), StandardCharsets.US_ASCII).strip();
    try (AdminClient client = new AdminClient(admin, AdminToken.parse(token).orElseThrow())) {
      return client.status().value().cluster().members().stream()
          .allMatch(NodeStatus.MemberStatus::fresh);
    } catch (AdminCallException _) {
      return false;
    }
  }

  /// The name of the pool that an address belongs to.
  String pool(String address, List<DemoPool> pools) {
    return pools.stream()
        .filter(pool -> pool.addresses().contains(address))
        .map(DemoPool::name)
        .findFirst()
        .orElse(address);
  }

  String line(List<DemoNode> nodes, List<DemoPool> pools) {
    List<String> parts = new ArrayList<>();
    StringBuilder alive = new StringBuilder("pools:");
    for (DemoPool pool : pools) {
      alive.append(' ').append(pool.name()).append(pool.isAlive() ? " up" : " DEAD");
    }
    parts.add(alive.toString());
    for (DemoNode node : nodes) {
      StringBuilder answers = new StringBuilder(node.name()).append(':');
      if (!node.isAlive()) {
        parts.add(answers.append(" DEAD").toString());
        continue;
      }
      DemoClient client = client(node);
      CLIENTS.forEach(
          (country, net) ->
              answers
                  .append(' ')
                  .append(country)
                  .append('→')
                  .append(client.address(net).map(a -> pool(a, pools)).orElse("?")));
      parts.add(answers.toString());
    }
    return String.join("  |  ", parts);
  }
}
