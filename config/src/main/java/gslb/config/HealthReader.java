package gslb.config;

import gslb.base.Address;
import gslb.base.Diagnostics;
import gslb.config.Section.Fields;
import gslb.health.HealthSettings;
import gslb.health.HealthSettings.Monitored;
import gslb.health.Monitor;
import gslb.health.Monitor.Check;
import gslb.steering.Catalog;
import gslb.steering.Endpoint;
import gslb.steering.Pool;
import gslb.steering.Site;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads monitors, and which endpoint each of them checks.
record HealthReader(Fields root, Diagnostics diagnostics) {
  private static final List<Key<?>> HTTP_ONLY =
      List.of(Schema.HOST, Schema.PATH, Schema.EXPECTED, Schema.VERIFY);

  HealthSettings health(Catalog catalog, List<Named.Entry<Fields>> pools) {
    Map<String, Monitor> monitors = new HashMap<>();
    for (Named.Entry<Fields> entry : root.get(Schema.MONITORS)) {
      Monitor monitor = entry.value() == null ? null : monitor(entry.name().value(), entry.value());
      if (monitor != null) {
        monitors.put(entry.name().value(), monitor);
      }
    }
    Map<String, Pool> byName = new HashMap<>();
    catalog.pools().forEach(pool -> byName.put(pool.name(), pool));
    List<Monitored> monitored = new ArrayList<>();
    for (Named.Entry<Fields> entry : pools) {
      Pool pool = byName.get(entry.name().value());
      if (pool == null || entry.value() == null) {
        continue;
      }
      List<Monitor> ofPool = monitorsOf(entry.value(), monitors);
      Site site = pool.site();
      for (Endpoint endpoint : ofPool.isEmpty() ? List.<Endpoint>of() : pool.endpoints()) {
        monitored.add(
            new Monitored(
                endpoint.id(), endpoint.address(), site == null ? "" : site.name(), ofPool));
      }
    }
    return new HealthSettings(monitored, vantageCheck());
  }

  private List<Monitor> monitorsOf(Fields pool, Map<String, Monitor> monitors) {
    List<Monitor> ofPool = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Located<String> name : pool.get(Schema.POOL_MONITORS)) {
      Monitor monitor = monitors.get(name.value());
      if (!seen.add(name.value())) {
        diagnostics.error(
            name.where(),
            "monitor '" + name.value() + "' stands twice in " + pool.place().words(),
            "",
            "remove one");
      } else if (monitor != null) {
        ofPool.add(monitor);
      }
    }
    return ofPool;
  }

  private List<Address> vantageCheck() {
    Fields cluster = root.find(Schema.CLUSTER_SECTION);
    return cluster == null
        ? List.of()
        : cluster.get(Schema.VANTAGE_CHECK).stream().map(Located::value).toList();
  }

  private @Nullable Monitor monitor(String name, Fields fields) {
    String type = fields.find(Schema.MONITOR_TYPE);
    if (type == null) {
      return null;
    }
    Duration interval = fields.get(Schema.INTERVAL);
    Duration timeout = fields.get(Schema.TIMEOUT);
    if (timeout.compareTo(interval) >= 0) {
      diagnostics.error(
          fields.where(fields.isWritten(Schema.TIMEOUT) ? Schema.TIMEOUT : Schema.INTERVAL),
          fields.place().words()
              + " has timeout "
              + Scalars.words(timeout)
              + " and interval "
              + Scalars.words(interval),
          "the timeout must be less than the interval, since a probe never overlaps itself",
          "");
    }
    checkKeysOfType(type, fields);
    return new Monitor(
        name,
        check(type, fields),
        port(type, fields),
        interval,
        timeout,
        fields.get(Schema.RISE),
        fields.get(Schema.FALL));
  }

  private void checkKeysOfType(String type, Fields fields) {
    for (Key<?> key : HTTP_ONLY) {
      boolean isFitting =
          type.equals("https") || (type.equals("http") && !key.equals(Schema.VERIFY));
      if (fields.isWritten(key) && !isFitting) {
        diagnostics.error(
            fields.where(key),
            "'"
                + key.name()
                + "' of "
                + fields.place().words()
                + " has no meaning for type "
                + type,
            key.equals(Schema.VERIFY) ? "it is for https" : "it is for http and https",
            "remove it, or correct the type");
      }
    }
  }

  private static Check check(String type, Fields fields) {
    if (type.equals("tcp")) {
      return new Check.Tcp();
    }
    Fields expect = fields.find(Schema.EXPECTED);
    if (expect == null) {
      expect = Fields.none(fields.place());
    }
    Scalars.StatusRange status = expect.get(Schema.STATUS);
    return new Check.Http(
        type.equals("https"),
        fields.find(Schema.HOST),
        fields.get(Schema.PATH),
        status.min(),
        status.max(),
        expect.find(Schema.BODY),
        fields.get(Schema.VERIFY));
  }

  private int port(String type, Fields fields) {
    Integer port = fields.find(Schema.PORT);
    if (port != null) {
      return port;
    }
    if (type.equals("tcp") && !fields.isWritten(Schema.PORT)) {
      diagnostics.error(
          fields.place().named(),
          fields.place().words() + " has no 'port'",
          "the key is required for type tcp",
          "add 'port': " + Schema.PORT.type().words());
    }
    return type.equals("https") ? 443 : 80;
  }
}
