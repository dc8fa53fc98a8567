package gslb.dns.delegation;

import gslb.base.DnsName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A zone's delegation as it should be and, if somebody was asked, as it is.
///
/// @param parent the zone above; null if it was not looked for
/// @param asked servers of the parent and what each said
/// @param answers name servers of the zone and what each said
/// @param findings the worst first
public record CheckedDelegation(
    Delegation wanted,
    @Nullable DnsName parent,
    List<AskedParent> asked,
    List<AskedServer> answers,
    List<Finding> findings) {
  public CheckedDelegation {
    asked = List.copyOf(asked);
    answers = List.copyOf(answers);
    findings = List.copyOf(findings);
  }

  /// A server of the parent.
  ///
  /// @param outcome in a word or two
  public record AskedParent(ServerAddress server, String outcome) {}

  /// A name server of the zone.
  ///
  /// @param serial of its SOA; null if it has none to show
  /// @param outcome in a word or two
  public record AskedServer(ServerAddress server, @Nullable Long serial, String outcome) {}

  /// Whether something is found of that kind.
  public boolean has(Finding.Kind kind) {
    return findings.stream().anyMatch(f -> f.kind() == kind);
  }

  /// Whether some resolvers do not find the zone, or find another.
  public boolean hasErrors() {
    return findings.stream().anyMatch(f -> f.kind().severity() == Finding.Severity.ERROR);
  }
}
