package gslb.config;

import gslb.base.Prefix;
import gslb.dns.AccessList;
import gslb.dns.Identity;
import gslb.dns.RateLimit;
import java.util.List;

/// What is set for the whole DNS server and changes by reload.
///
/// @param explainTo clients that are told why they get a steered answer
public record DnsOptions(
    Identity identity,
    CookieSource cookies,
    RateLimit rateLimit,
    AccessList access,
    List<Prefix> explainTo) {
  public DnsOptions {
    explainTo = List.copyOf(explainTo);
  }
}
