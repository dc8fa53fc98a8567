package gslb.config;

import gslb.base.Diagnostics;
import gslb.base.SourceSpan;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Every name that was defined and every one that was used, to be compared once all files are read.
final class References {
  private record Use(Reference.Kind kind, String name, SourceSpan where, String words) {}

  private final Map<Reference.Kind, Map<String, SourceSpan>> defined =
      new EnumMap<>(Reference.Kind.class);
  private final List<Use> uses = new ArrayList<>();

  void define(Reference.Kind kind, String name, SourceSpan where) {
    defined.computeIfAbsent(kind, k -> new LinkedHashMap<>()).putIfAbsent(name, where);
  }

  void use(Reference.Kind kind, String name, SourceSpan where, String words) {
    uses.add(new Use(kind, name, where, words));
  }

  /// The names of a kind that are used, each with the first place that does.
  Map<String, SourceSpan> uses(Reference.Kind kind) {
    Map<String, SourceSpan> first = new LinkedHashMap<>();
    for (Use use : uses) {
      if (use.kind() == kind) {
        first.putIfAbsent(use.name(), use.where());
      }
    }
    return first;
  }

  private Map<String, SourceSpan> defined(Reference.Kind kind) {
    return defined.getOrDefault(kind, Map.of());
  }

  /// Reports names that lead nowhere, and definitions that nothing leads to.
  void check(Diagnostics diagnostics) {
    Map<Reference.Kind, Set<String>> used = new EnumMap<>(Reference.Kind.class);
    int dangling = 0;
    for (Use use : uses) {
      used.computeIfAbsent(use.kind(), k -> new HashSet<>()).add(use.name());
      if (!defined(use.kind()).containsKey(use.name())) {
        reportDangling(use, dangling++ < Diagnostics.DIAGNOSTICS_MAX, diagnostics);
      }
    }
    if (diagnostics.hasErrors()) {
      return; // What is broken may be what uses the rest.
    }
    for (Reference.Kind kind : Reference.Kind.values()) {
      Set<String> usedNames = used.getOrDefault(kind, Set.of());
      defined(kind)
          .forEach(
              (name, where) -> {
                if (kind.isForNaming() && !usedNames.contains(name)) {
                  diagnostics.warning(
                      where,
                      kind.noun() + " '" + name + "' is not used",
                      "",
                      "use it, or remove it from '" + kind.section() + "'");
                }
              });
    }
  }

  /// Looking for the nearest name is left out for problems that will not be shown.
  private void reportDangling(Use use, boolean isShown, Diagnostics diagnostics) {
    Set<String> known = defined(use.kind()).keySet();
    String remedy = isShown ? NearestName.hint(use.name(), known) : "";
    if (use.kind() == Reference.Kind.POOL
        && defined(Reference.Kind.POLICY).containsKey(use.name())) {
      remedy = "to use the policy of that name write {policy: " + use.name() + "}";
    }
    diagnostics.error(
        use.where(),
        use.words() + " names " + use.kind().noun() + " '" + use.name() + "', which is not defined",
        "it must stand in '" + use.kind().section() + "'",
        remedy);
  }
}
