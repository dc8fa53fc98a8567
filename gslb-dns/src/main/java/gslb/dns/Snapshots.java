package gslb.dns;

/// Where the responder finds what it answers from. Called once per query, by any thread.
@FunctionalInterface
public interface Snapshots {
  DnsSnapshot current();
}
