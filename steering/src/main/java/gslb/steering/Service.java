package gslb.steering;

import gslb.base.DnsName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A steered name, with its policy.
///
/// @param id dense over the catalog
/// @param names owner names of its steered A and AAAA RRsets
/// @param ttl of a steered answer
/// @param families what a pool's families have to do with its availability
/// @param answers how many addresses an answer holds
/// @param redirect its redirect tier side, if it has one
/// @param httpsRecord what its HTTPS records say beside the addresses, if its names have one
/// @param demand of its clients at peak, in the unit of the pools' {@link Pool#capacity}; 0 if it
///     is not stated
public record Service(
    int id,
    String name,
    List<DnsName> names,
    Ttl ttl,
    Families families,
    Answers answers,
    AllDown allDown,
    Policy policy,
    @Nullable Redirect redirect,
    @Nullable HttpsRecord httpsRecord,
    long demand) {
  /// The greatest demand.
  public static final int DEMAND_MAX = 1_000_000_000;

  public Service {
    names = List.copyOf(names);
  }

  /// A service without HTTPS records, whose demand is not stated.
  public Service(
      int id,
      String name,
      List<DnsName> names,
      Ttl ttl,
      Families families,
      Answers answers,
      AllDown allDown,
      Policy policy,
      @Nullable Redirect redirect) {
    this(id, name, names, ttl, families, answers, allDown, policy, redirect, null, 0);
  }

  /// Bounds of a steered answer's TTL, in seconds.
  public record Ttl(int minSeconds, int maxSeconds) {}

  /// How many of the live endpoints an answer holds.
  ///
  /// @param count so many, drawn by weight; 0 if the policy says it
  public record Answers(int count) {
    /// Addresses that may be drawn for one answer.
    public static final int COUNT_MAX = 32;

    public static final Answers ONE = new Answers(1);
    public static final Answers ALL = new Answers(Integer.MAX_VALUE);

    /// All where an `all` decides, else one.
    public static final Answers BY_POLICY = new Answers(0);
  }

  /// What a steered HTTPS record (RFC 9460) says; its address hints are those of the same decision.
  ///
  /// @param alpn protocols besides HTTP/1.1, which is implied: up to {@link #ALPN_MAX} of 1 to
  ///     {@link #ALPN_LENGTH_MAX} ASCII octets
  /// @param port of the endpoints, or 0 for that of the URL
  public record HttpsRecord(List<String> alpn, int port) {
    /// Protocols that an HTTPS record names.
    public static final int ALPN_MAX = 8;

    /// Octets of the name of a protocol in ALPN.
    public static final int ALPN_LENGTH_MAX = 32;

    /// HTTP/2 and HTTP/1.1 at the URL's port.
    public static final HttpsRecord PLAIN = new HttpsRecord(List.of("h2"), 0);

    public HttpsRecord {
      alpn = List.copyOf(alpn);
    }

    /// In the form of a zone file, without the hints.
    @Override
    public String toString() {
      return "1 . alpn=" + String.join(",", alpn) + (port == 0 ? "" : " port=" + port);
    }
  }

  /// @param hosts lower-case host names whose requests this service redirects
  /// @param as name of the service whose policy chooses the target; its own name by default
  public record Redirect(List<String> hosts, String as) {
    public Redirect {
      hosts = List.copyOf(hosts);
    }
  }
}
