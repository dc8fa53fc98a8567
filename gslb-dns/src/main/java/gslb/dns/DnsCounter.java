package gslb.dns;

import gslb.base.Counters;
import java.util.Arrays;
import java.util.Locale;

/// What the responder counts. The metric is `gslb_dns_<name>_total`.
///
/// Messages read = `DROPPED_*` + `QUERIES`; `QUERIES` = the sum of `REPLIES_*` + `RRL_DROPPED`;
/// `RRL_LIMITED` = the sum of the other `RRL_*`; `REPLIES_FORMERR` = the sum of `FORMERR_*`, but
/// for those that the rate limit dropped.
enum DnsCounter {
  /// Messages that deserved a reply.
  QUERIES,
  DROPPED_SHORT,
  DROPPED_RESPONSE,
  /// From a client whom the access list drops.
  DROPPED_ACCESS,

  REPLIES_NOERROR,
  REPLIES_FORMERR,
  REPLIES_NXDOMAIN,
  REPLIES_NOTIMP,
  REPLIES_REFUSED,
  REPLIES_YXDOMAIN,
  REPLIES_BADVERS,
  REPLIES_BADCOOKIE,

  /// QDCOUNT is above 1, or 0 without a cookie.
  FORMERR_QDCOUNT,
  /// The question is cut off, or its name is none.
  FORMERR_QUESTION,
  /// A record is cut off, or octets follow the last one.
  FORMERR_SECTIONS,
  /// A second OPT record, one not at the root, a malformed list of options, or a TCP keepalive of a
  /// length that it cannot have.
  FORMERR_OPT,
  /// A malformed or second client subnet.
  FORMERR_ECS,
  /// A cookie of a length that none can have.
  FORMERR_COOKIE,
  /// A type that no question may have.
  FORMERR_QTYPE,

  /// Replies whose records did not fit.
  TRUNCATED,
  NODATA,
  REFERRALS,
  /// Answers of a service, NODATA included.
  STEERED,
  /// Queries with an OPT record that was read.
  EDNS,
  /// Well-formed client subnets.
  ECS,
  /// Client cookies that came alone.
  COOKIES_CLIENT_ONLY,
  /// Server cookies that are not ours, of another client, or of another time.
  COOKIES_INVALID,
  COOKIES_VALID,

  // Replies with what was asked for: the server's name, the time a connection may stay idle,
  // padding.
  NSID,
  KEEPALIVE,
  PADDED,

  /// Answers in class CHAOS about the server itself.
  CHAOS,
  /// Replies with an Extended DNS Error.
  EXTENDED_ERRORS,
  /// Refused by the access list.
  REFUSED_ACCESS,

  /// Responses above the rate limit.
  RRL_LIMITED,
  /// Of those, sent with TC and without records.
  RRL_SLIPPED,
  RRL_DROPPED,
  /// Of those, sent as if there were no limit.
  RRL_DRY_RUN,
  /// Of those, sent with a cookie for the next try.
  RRL_BADCOOKIE;

  static Counters newCounters() {
    return new Counters(
        Arrays.stream(values())
            .map(c -> "gslb_dns_" + c.name().toLowerCase(Locale.ROOT) + "_total")
            .toList());
  }
}
