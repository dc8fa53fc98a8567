package gslb.redirect;

import gslb.base.DnsName;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Host name to service id, in open addressing over the lower-case name. Immutable; a lookup reads
/// a piece of the request and allocates nothing.
final class HostTable {
  /// What {@link #service} answers for a host that no service redirects.
  static final int UNKNOWN = -1;

  private final @Nullable String[] hosts;
  private final int[] services;
  private final int mask;

  private HostTable(int capacity) {
    hosts = new String[capacity];
    services = new int[capacity];
    mask = capacity - 1;
  }

  /// @param services service id by host, in lower case
  static HostTable of(Map<String, Integer> services) {
    // At most half full, so that every probe ends at a free slot.
    int capacity = Integer.highestOneBit(Math.max(services.size(), 1) * 2 - 1) << 1;
    HostTable table = new HostTable(capacity);
    services.forEach(table::put);
    return table;
  }

  private void put(String host, int service) {
    int slot = hash(host, 0, host.length()) & mask;
    while (hosts[slot] != null) {
      slot = slot + 1 & mask;
    }
    hosts[slot] = host;
    services[slot] = service;
  }

  /// The service of the host name that stands in `text` from `start` to `end`, in any case.
  int service(String text, int start, int end) {
    int slot = hash(text, start, end) & mask;
    for (String host = hosts[slot]; host != null; host = hosts[slot]) {
      if (host.length() == end - start && isSame(host, text, start)) {
        return services[slot];
      }
      slot = slot + 1 & mask;
    }
    return UNKNOWN;
  }

  private static boolean isSame(String host, String text, int start) {
    for (int i = 0; i < host.length(); i++) {
      if (host.charAt(i) != DnsName.lower(text.charAt(start + i))) {
        return false;
      }
    }
    return true;
  }

  private static int hash(String text, int start, int end) {
    int hash = 0x811c9dc5;
    for (int i = start; i < end; i++) {
      hash = (hash ^ DnsName.lower(text.charAt(i))) * 0x01000193;
    }
    return hash ^ hash >>> 15;
  }
}
