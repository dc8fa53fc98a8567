package gslb.config;

import gslb.dns.AccessList;
import gslb.dns.Identity;
import gslb.dns.RateLimit;

/// What is set for the whole DNS server and changes by reload.
public record DnsOptions(
    Identity identity, CookieSource cookies, RateLimit rateLimit, AccessList access) {}
