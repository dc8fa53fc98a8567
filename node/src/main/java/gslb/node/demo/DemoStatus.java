package gslb.node.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What the demo says of itself in one line: which pools live, and what each node answers clients
/// in
/// four countries right now.
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
    return java.util.Collections.unmodifiableMap(clients);
  }

  DemoClient client(DemoNode node) {
    return clients.get(node.name());
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

  /// A node says in its log whom it sees, whenever that changes.
  private boolean hasJoined(DemoNode node) throws IOException {
    if (layout.nodes() == 1) {
      return true;
    }
    Path log = node.log();
    List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
    for (String line : lines.reversed()) {
      int members = line.indexOf(", members [");
      if (line.contains("gslb.cluster") && members >= 0) {
        return line.substring(members).split(",").length - 1 == layout.nodes();
      }
    }
    return false;
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
