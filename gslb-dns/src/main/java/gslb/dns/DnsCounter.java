package gslb.dns;

import gslb.base.Counters;
import java.util.Arrays;
import java.util.Locale;

/// What the responder counts; the metric is `gslb_dns_<name>_total`.
enum DnsCounter {
  QUERIES,
  NOERROR,
  FORMERR,
  SERVFAIL,
  NXDOMAIN,
  NOTIMP,
  REFUSED,
  BADVERS,
  NODATA,
  REFERRAL,
  STEERED,
  TRUNCATED,
  EDNS,
  ECS,
  DROPPED_SHORT,
  DROPPED_RESPONSE;

  static Counters newCounters() {
    return new Counters(
        Arrays.stream(values())
            .map(c -> "gslb_dns_" + c.name().toLowerCase(Locale.ROOT) + "_total")
            .toList());
  }
}
