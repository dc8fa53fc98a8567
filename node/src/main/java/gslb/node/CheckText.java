package gslb.node;

import gslb.node.CheckReport.PartitionReport;
import gslb.node.CheckReport.ServiceReport;
import gslb.steering.BlockClasses;
import gslb.steering.places.GeoSummary;
import gslb.steering.places.ScopeHistogram;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.function.ToIntFunction;

/// A {@link CheckReport} for people.
final class CheckText {
  /// Services that are shown one by one; the rest is in the JSON form.
  static final int SERVICES_SHOWN_MAX = 100;

  /// Names that one partition shows.
  private static final int NAMES_SHOWN_MAX = 8;

  /// Upper ends of the groups of scopes that are shown.
  private static final int[] V4_GROUPS = {8, 16, 20, 22, 24, 32};

  private static final int[] V6_GROUPS = {16, 24, 32, 40, 48, 64, 128};

  private CheckText() {}

  static String render(String file, CheckReport report) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%s: ok, %s, %s, %s, %s%n",
            file,
            count(report.zones(), "zone"),
            count(report.services().size(), "service"),
            count(report.pools(), "pool"),
            count(report.endpoints(), "endpoint")));
    if (report.hosts() > 0) {
      text.append(count(report.hosts(), "host"))
          .append(" of endpoints, resolved by the node and not by this check\n");
    }
    GeoSummary geo = report.geo();
    if (geo != null) {
      text.append('\n').append(geo);
    }
    report
        .partitions()
        .forEach(partition -> text.append('\n').append(partition(partition, report.services())));
    text.append(memory(report)).append('\n');
    List<ServiceReport> services = report.services();
    services.stream().limit(SERVICES_SHOWN_MAX).forEach(service -> text.append(service(service)));
    int more = services.size() - SERVICES_SHOWN_MAX;
    if (more > 0) {
      text.append("and ").append(count(more, "more service")).append("; --json has them all\n");
    }
    if (!services.isEmpty()) {
      text.append(
          String.format(
              Locale.ROOT,
              "q/s: what %,d resolvers ask for one name and type, each again when its TTL ends%n",
              CheckReport.RESOLVERS));
    }
    return text.toString();
  }

  private static String memory(CheckReport report) {
    long partitions = report.partitions().stream().mapToLong(PartitionReport::bytes).sum();
    GeoSummary geo = report.geo();
    long places = geo == null ? 0 : geo.retainedBytes();
    return String.format(
        Locale.ROOT,
        "%ntables in memory: %,d bytes of places, %,d bytes of partitions%n",
        places,
        partitions);
  }

  private static String partition(PartitionReport partition, List<ServiceReport> all) {
    List<ServiceReport> services =
        all.stream().filter(service -> service.partition() == partition.number()).toList();
    return String.format(
            Locale.ROOT,
            "partition %d: %s%n  %s of clients, runs: %,d IPv4, %,d IPv6, %,d bytes%n",
            partition.number(),
            names(partition.services()),
            classes(partition.classes()),
            partition.v4Runs(),
            partition.v6Runs(),
            partition.bytes())
        + scopes("IPv4 scopes", partition.v4Scopes(), V4_GROUPS)
        + scopes("IPv6 scopes", partition.v6Scopes(), V6_GROUPS)
        + blocks(
            "hashed: " + lengths(BlockClasses.HASH_V4_LENGTH, BlockClasses.HASH_V6_LENGTH),
            services,
            BlockClasses::hashed)
        + blocks(
            "hashed only while pools are down",
            services,
            blocks -> blocks.hashed() == 0 ? blocks.hashedMost() : 0)
        + blocks(
            "in ramps: " + lengths(BlockClasses.RAMP_V4_LENGTH, BlockClasses.RAMP_V6_LENGTH),
            services,
            BlockClasses::ramped);
  }

  private static String lengths(int v4, int v6) {
    return "/" + v4 + " and /" + v6 + ", or longer where places are";
  }

  /// The services that have such classes, and in how many if not in all.
  private static String blocks(
      String label, List<ServiceReport> services, ToIntFunction<BlockClasses> count) {
    List<String> names = new ArrayList<>();
    for (ServiceReport service : services) {
      int classes = count.applyAsInt(service.blocks());
      if (classes > 0) {
        names.add(
            classes == service.classes()
                ? service.name()
                : String.format(
                    Locale.ROOT,
                    "%s (in %,d of %s)",
                    service.name(),
                    classes,
                    classes(service.classes())));
      }
    }
    return names.isEmpty() ? "" : "  " + label + ": " + names(names) + "\n";
  }

  private static String names(List<String> all) {
    int more = all.size() - NAMES_SHOWN_MAX;
    String shown = String.join(", ", all.subList(0, Math.min(all.size(), NAMES_SHOWN_MAX)));
    return more > 0 ? shown + String.format(Locale.ROOT, " and %,d more", more) : shown;
  }

  /// The share of the address space and the number of prefixes of each group of scopes.
  private static String scopes(String label, ScopeHistogram histogram, int[] groups) {
    StringJoiner shown = new StringJoiner(", ", "  " + label + ": ", "\n");
    int from = 0;
    for (int to : groups) {
      long prefixes = 0;
      double share = 0;
      for (ScopeHistogram.Row row : histogram.rows()) {
        if (row.scope() >= from && row.scope() <= to) {
          prefixes += row.prefixes();
          share += row.share();
        }
      }
      if (prefixes > 0) {
        String group =
            histogram.prefixes() == 1
                ? "/" + histogram.rows().getFirst().scope()
                : "/" + from + "-" + to;
        shown.add(String.format(Locale.ROOT, "%s %.4g %% (%,d)", group, 100 * share, prefixes));
      }
      from = to + 1;
    }
    return shown.toString();
  }

  private static String service(ServiceReport service) {
    String classes =
        String.format(
            Locale.ROOT,
            "service %s: %s of clients, partition %d",
            service.name(),
            classes(service.classes()),
            service.partition());
    if (service.names() == 0) {
      return classes + ", redirects only\n";
    }
    return classes
        + String.format(
            Locale.ROOT,
            ", TTL %s s, while all is up %s s: %s q/s, at most %s%n",
            range(service.ttl().minSeconds(), service.ttl().maxSeconds()),
            range(service.effectiveMin(), service.effectiveMax()),
            service.effectiveMin() == service.effectiveMax()
                ? rate(service.queriesPerSecondMax())
                : rate(service.queriesPerSecondMin()) + ".." + rate(service.queriesPerSecondMax()),
            rate(service.queriesPerSecondWorst()));
  }

  private static String range(int from, int to) {
    return from == to ? String.valueOf(from) : from + ".." + to;
  }

  private static String rate(double perSecond) {
    return String.format(Locale.ROOT, perSecond < 10 ? "%.1f" : "%,.0f", perSecond);
  }

  private static String classes(int count) {
    return String.format(Locale.ROOT, "%,d %s", count, count == 1 ? "class" : "classes");
  }

  private static String count(int count, String noun) {
    return String.format(Locale.ROOT, "%,d %s%s", count, noun, count == 1 ? "" : "s");
  }
}
