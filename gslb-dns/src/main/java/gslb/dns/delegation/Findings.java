package gslb.dns.delegation;

import gslb.base.DnsName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Collects findings on one zone; what several servers show is one finding. Confined to a thread.
final class Findings {
  private record Said(Finding.Kind kind, String problem, String remedy) {}

  private final DnsName zone;
  private final Map<Said, Set<String>> found = new LinkedHashMap<>();

  Findings(DnsName zone) {
    this.zone = zone;
  }

  void add(Finding.Kind kind, String problem, String remedy) {
    found.computeIfAbsent(new Said(kind, problem, remedy), _ -> new LinkedHashSet<>());
  }

  /// @param server who shows it
  void add(Finding.Kind kind, String server, String problem, String remedy) {
    found.computeIfAbsent(new Said(kind, problem, remedy), _ -> new LinkedHashSet<>()).add(server);
  }

  /// The worst first, otherwise as they came.
  List<Finding> sorted() {
    List<Finding> all = new ArrayList<>();
    found.forEach(
        (said, servers) ->
            all.add(
                new Finding(
                    said.kind(), zone, List.copyOf(servers), said.problem(), said.remedy())));
    all.sort((a, b) -> a.kind().severity().compareTo(b.kind().severity()));
    return all;
  }
}
