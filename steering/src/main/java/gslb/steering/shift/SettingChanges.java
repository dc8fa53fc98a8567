package gslb.steering.shift;

import gslb.base.DnsName;
import gslb.steering.AllDown;
import gslb.steering.Endpoint;
import gslb.steering.MinHealthy;
import gslb.steering.Pool;
import gslb.steering.Service;
import gslb.steering.Site;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What changes of services and pools beside where clients go, in words.
final class SettingChanges {
  private final List<String> changes = new ArrayList<>();

  private SettingChanges() {}

  static List<String> of(Service before, Service after) {
    SettingChanges found = new SettingChanges();
    found.compare("name of the service", before.name(), after.name());
    found.lists("names", names(before.names()), names(after.names()));
    found.compare("ttl", words(before.ttl()), words(after.ttl()));
    found.compare("answers", words(before.answers()), words(after.answers()));
    found.compare("families", before.families(), after.families());
    found.compare("all-down", words(before.allDown()), words(after.allDown()));
    found.compare("https-record", text(before.httpsRecord()), text(after.httpsRecord()));
    found.compare("redirect", words(before.redirect()), words(after.redirect()));
    return List.copyOf(found.changes);
  }

  static List<String> ofPools(List<Pool> before, List<Pool> after) {
    List<String> changes = new ArrayList<>();
    Map<String, Pool> old = new LinkedHashMap<>();
    before.forEach(pool -> old.put(pool.name(), pool));
    for (Pool pool : after) {
      Pool was = old.remove(pool.name());
      if (was == null) {
        changes.add("pool " + pool.name() + ": added");
      } else {
        of(was, pool).forEach(change -> changes.add("pool " + pool.name() + ": " + change));
      }
    }
    old.keySet().forEach(name -> changes.add("pool " + name + ": removed"));
    return changes;
  }

  private static List<String> of(Pool before, Pool after) {
    SettingChanges found = new SettingChanges();
    found.lists("endpoints", endpoints(before), endpoints(after));
    found.lists("hosts", names(before.hosts()), names(after.hosts()));
    found.compare("site", site(before.site()), site(after.site()));
    found.compare("min-healthy", words(before.minHealthy()), words(after.minHealthy()));
    found.compare("ramp", words(before.ramp()), words(after.ramp()));
    found.compare("capacity", number(before.capacity()), number(after.capacity()));
    found.compare("cname", text(before.cname()), text(after.cname()));
    found.compare("redirect-to", text(before.redirectTo()), text(after.redirectTo()));
    return found.changes;
  }

  private void compare(String what, Object before, Object after) {
    if (!before.equals(after)) {
      changes.add(what + " " + lower(before) + " → " + lower(after));
    }
  }

  private static String lower(Object value) {
    return value instanceof Enum<?> word ? word.name().toLowerCase(Locale.ROOT) : value.toString();
  }

  private void lists(String what, List<String> before, List<String> after) {
    List<String> gone = new ArrayList<>(before);
    gone.removeAll(after);
    List<String> come = new ArrayList<>(after);
    come.removeAll(before);
    if (!gone.isEmpty() || !come.isEmpty()) {
      StringBuilder text = new StringBuilder(what);
      gone.forEach(one -> text.append(" -").append(one));
      come.forEach(one -> text.append(" +").append(one));
      changes.add(text.toString());
    }
  }

  private static List<String> names(List<DnsName> names) {
    return names.stream().map(DnsName::toString).toList();
  }

  private static List<String> endpoints(Pool pool) {
    return pool.endpoints().stream().map(SettingChanges::words).toList();
  }

  private static String words(Endpoint endpoint) {
    return endpoint.weight() == 1
        ? endpoint.describe()
        : endpoint.describe() + " (weight " + endpoint.weight() + ")";
  }

  private static String words(Service.Ttl ttl) {
    return ttl.minSeconds() == ttl.maxSeconds()
        ? ttl.minSeconds() + " s"
        : ttl.minSeconds() + ".." + ttl.maxSeconds() + " s";
  }

  private static String words(Service.Answers answers) {
    return answers.equals(Service.Answers.BY_POLICY)
        ? "by policy"
        : answers.equals(Service.Answers.ALL) ? "all" : Integer.toString(answers.count());
  }

  private static String words(AllDown allDown) {
    return switch (allDown) {
      case AllDown.Answer _ -> "answer";
      case AllDown.NoData _ -> "nodata";
      case AllDown.Sorry(Pool pool) -> "pool " + pool.name();
    };
  }

  private static String words(MinHealthy minHealthy) {
    return switch (minHealthy) {
      case MinHealthy.Endpoints(int count) -> Integer.toString(count);
      case MinHealthy.Percent(int percent) -> percent + "%";
    };
  }

  private static String words(Duration duration) {
    return duration.isZero() ? "0" : duration.toSeconds() + "s";
  }

  private static String words(Service.@Nullable Redirect redirect) {
    return redirect == null
        ? "none"
        : "of " + String.join(", ", redirect.hosts()) + " as " + redirect.as();
  }

  private static String site(@Nullable Site site) {
    return site == null ? "none" : site.name() + " at " + site.latitude() + ", " + site.longitude();
  }

  private static String number(long number) {
    return number == 0 ? "none" : Long.toString(number);
  }

  private static String text(@Nullable Object value) {
    return Objects.requireNonNullElse(value, "none").toString();
  }
}
