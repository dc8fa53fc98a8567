package gslb.config;

import gslb.base.Diagnostics;
import gslb.base.Prefix;
import gslb.base.SourceSpan;
import gslb.config.Section.Fields;
import gslb.steering.places.PlaceTable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The operator's own networks by name, written in the configuration or in a file of their own that
/// is read again by itself.
public final class OwnNetworks {
  private OwnNetworks() {}

  static Map<String, List<Prefix>> read(
      Fields geo, FileSource source, ConfigFiles files, Binding binding) {
    GeoSchema.NetworksTerm term = geo.find(GeoSchema.NETWORKS);
    return switch (term) {
      case null -> Map.of();
      case GeoSchema.NetworksTerm.Inline inline -> distinct(inline.networks(), binding);
      case GeoSchema.NetworksTerm.File file ->
          distinct(entries(path(source, file), file.where(), files, binding), binding);
    };
  }

  /// The file's name, resolved; empty if the networks are not in a file.
  static String file(Fields geo, FileSource source) {
    return geo.find(GeoSchema.NETWORKS) instanceof GeoSchema.NetworksTerm.File file
        ? path(source, file)
        : "";
  }

  private static String path(FileSource source, GeoSchema.NetworksTerm.File file) {
    return source.resolve(file.where().file(), file.name());
  }

  /// Reads the file of a configuration in service again.
  ///
  /// @param before the networks that are served
  /// @return what it holds now, or empty if a diagnostic of severity ERROR was added: the file is
  ///     broken, or it leaves out a network that a policy names, or most of what is served
  public static Optional<Map<String, List<Prefix>>> readAgain(
      FileSource source,
      GeoSettings settings,
      Map<String, List<Prefix>> before,
      Diagnostics diagnostics) {
    int errors = diagnostics.errorCount();
    String file = settings.networksFile();
    Binding binding = new Binding(diagnostics, new References());
    Map<String, List<Prefix>> after =
        distinct(
            entries(file, SourceSpan.file(file), new ConfigFiles(source, diagnostics), binding),
            binding);
    if (diagnostics.errorCount() == errors) {
      checkUsed(settings, after, diagnostics);
      checkSize(file, count(before), count(after), diagnostics);
    }
    return diagnostics.errorCount() == errors ? Optional.of(after) : Optional.empty();
  }

  private static void checkUsed(
      GeoSettings settings, Map<String, List<Prefix>> after, Diagnostics diagnostics) {
    settings
        .networksUsed()
        .forEach(
            (name, where) -> {
              if (!after.containsKey(name)) {
                String hint = NearestName.hint(name, after.keySet());
                diagnostics.error(
                    SourceSpan.file(settings.networksFile()),
                    "network '" + name + "' is missing",
                    "the policy at " + where + " names it",
                    hint.isEmpty() ? "put it back, or change the policy first" : hint);
              }
            });
  }

  private static void checkSize(String file, int before, int after, Diagnostics diagnostics) {
    if (after < before - before / 2) {
      diagnostics.error(
          SourceSpan.file(file),
          "the file has "
              + (after == 1 ? "1 prefix" : after + " prefixes")
              + ", and "
              + before
              + (before == 1 ? " is served" : " are served"),
          "less than half is taken for a file that was cut off",
          "if it is meant, reload the configuration");
    }
  }

  /// Prefixes of all networks.
  public static int count(Map<String, List<Prefix>> networks) {
    return networks.values().stream().mapToInt(List::size).sum();
  }

  private static List<Named.Entry<List<Located<Prefix>>>> entries(
      String path, SourceSpan asked, ConfigFiles files, Binding binding) {
    YamlNode node = files.yaml(path, asked).orElse(null);
    if (node == null) {
      return List.of();
    }
    Place place = new Place("the file of networks", SourceSpan.file(path));
    List<Named.Entry<List<Located<Prefix>>>> entries =
        GeoSchema.NETWORK_MAP.bind(node, place, binding);
    return entries == null ? List.of() : entries;
  }

  private static Map<String, List<Prefix>> distinct(
      List<Named.Entry<List<Located<Prefix>>>> entries, Binding binding) {
    Map<String, List<Prefix>> networks = new LinkedHashMap<>();
    Map<Prefix, SourceSpan> seen = new LinkedHashMap<>();
    for (Named.Entry<List<Located<Prefix>>> entry : entries) {
      List<Located<Prefix>> prefixes = entry.value();
      if (prefixes == null) {
        continue;
      }
      for (Located<Prefix> prefix : prefixes) {
        if (PlaceTable.isEmbedding(prefix.value())) {
          binding.error(
              prefix.where(),
              "prefix " + prefix.value() + " embeds IPv4 addresses",
              "clients in it are where their IPv4 addresses are",
              "write the IPv4 prefix");
        }
        SourceSpan first = seen.putIfAbsent(prefix.value(), prefix.where());
        if (first != null) {
          binding.error(
              prefix.where(),
              "prefix " + prefix.value() + " is in a network already",
              "it stands first at " + first,
              "keep one of them");
        }
      }
      networks.put(entry.name().value(), prefixes.stream().map(Located::value).toList());
    }
    return networks;
  }
}
