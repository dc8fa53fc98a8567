package gslb.admin;

import gslb.base.Address;
import gslb.steering.Change;
import gslb.steering.Endpoint;
import gslb.steering.Explanation;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Why one client gets what it gets: the reply as it goes over the wire, what led to it name by
/// name, and what would change it.
///
/// @param node that was asked; empty for a configuration alone
/// @param generation that was asked; 0 for a configuration alone
/// @param at time of the question, ISO 8601 in UTC
/// @param decides the address that steering looked at
/// @param provenance how that address came to be the client's, in words
/// @param sites configured sites that vote on verdicts
/// @param links the name that was asked for, and those that aliases lead to
/// @param endpoints of every pool that was considered, by id
public record ExplainResult(
    ExplainRequest request,
    String node,
    long generation,
    String at,
    Address decides,
    String provenance,
    int sites,
    Reply reply,
    List<Link> links,
    Map<Integer, NodeStatus.EndpointStatus> endpoints) {
  public ExplainResult {
    links = List.copyOf(links);
    endpoints = Map.copyOf(endpoints);
  }

  /// Whether the client gets what it asked for: records, a referral or a redirect.
  public boolean isAnswered() {
    return switch (reply) {
      case DnsReply dns ->
          !dns.answer().isEmpty()
              || links.getLast().finding().kind() == FindingKind.DELEGATED
                  && !dns.rcode().isEmpty();
      case HttpReply http -> !http.location().isEmpty();
    };
  }

  /// What goes over the wire.
  public sealed interface Reply {}

  /// A DNS message.
  ///
  /// @param query that it answers, in hexadecimal
  /// @param wire in hexadecimal; empty for silence
  /// @param rcode empty for silence
  /// @param answer records in the form of a zone file
  /// @param scope SCOPE PREFIX-LENGTH, if the reply has one
  /// @param scopeReason why it is that, or why there is none
  /// @param error an Extended DNS Error; empty for none
  /// @param silence why there is no reply; empty if there is one
  public record DnsReply(
      String query,
      String wire,
      String rcode,
      List<String> flags,
      List<String> answer,
      List<String> authority,
      List<String> additional,
      OptionalInt scope,
      String scopeReason,
      String error,
      String silence)
      implements Reply {
    public DnsReply {
      flags = List.copyOf(flags);
      answer = List.copyOf(answer);
      authority = List.copyOf(authority);
      additional = List.copyOf(additional);
    }
  }

  /// A redirect, or a refusal.
  ///
  /// @param location empty unless redirected
  /// @param problem the line of text in the response, empty if redirected
  public record HttpReply(int status, String location, String problem) implements Reply {}

  /// One name on the way to the answer.
  ///
  /// @param decisions one for a steered name, two if a question for HTTPS has its families decided
  ///     each by itself, none for all others
  public record Link(String name, Finding finding, List<Decided> decisions) {
    public Link {
      decisions = List.copyOf(decisions);
    }
  }

  /// What a name is here.
  ///
  /// @param zone apex, empty for none
  /// @param owner the name itself, the wildcard, cut, DNAME or closest encloser; empty for none
  /// @param types static RRsets of the owner
  /// @param hint a name that may have been meant, empty for none
  public record Finding(
      FindingKind kind, String zone, String owner, List<String> types, String hint) {
    public Finding {
      types = List.copyOf(types);
    }
  }

  /// What a name can be.
  public enum FindingKind {
    /// A service answers this type.
    STEERED,
    /// A service answers addresses here, and the zone's own records all other types.
    BESIDE_STEERED,
    /// Static records.
    STATIC,
    /// Nothing but names below it: NODATA.
    EMPTY,
    /// NXDOMAIN.
    MISSING,
    /// A child zone elsewhere.
    DELEGATED,
    /// Below a DNAME.
    RENAMED,
    /// Of no zone here.
    OUTSIDE,
    /// A host of the redirect tier.
    HOST,
    /// Nothing is redirected for it.
    NO_HOST
  }

  /// A decision, with the TTL that follows from it.
  ///
  /// @param ttl null where there is none: over HTTP, and for NODATA
  public record Decided(Explanation explanation, @Nullable Ttl ttl, List<Change> changes) {
    public Decided {
      changes = List.copyOf(changes);
    }
  }

  /// Why a steered answer has its TTL.
  ///
  /// @param isNodata whether there is nothing to answer but an SOA
  /// @param seconds the TTL; of NODATA the most that it has, for the SOA bounds it too
  /// @param min least that the service allows
  /// @param max most that it allows
  /// @param first the endpoint that can flip first; null if no flip is in sight
  /// @param untilSeconds until then, NaN if no flip is in sight
  public record Ttl(
      boolean isNodata,
      int seconds,
      int min,
      int max,
      @Nullable Endpoint first,
      double untilSeconds) {}
}
