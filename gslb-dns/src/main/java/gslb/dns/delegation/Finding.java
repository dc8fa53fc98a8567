package gslb.dns.delegation;

import gslb.base.DnsName;
import java.util.List;
import java.util.Locale;

/// Something to know of a zone's delegation.
///
/// @param servers who was asked and shows it; empty if it follows from the configuration alone
/// @param problem what is the case, with the values
/// @param remedy what to do, empty if the problem says it
public record Finding(
    Kind kind, DnsName zone, List<String> servers, String problem, String remedy) {
  /// How bad it is.
  public enum Severity {
    /// Some resolvers do not find the zone, or find another.
    ERROR,
    /// It works, and works worse than it should.
    WARNING,
    /// Worth knowing.
    NOTE
  }

  /// What is the case.
  public enum Kind {
    PARENT_SILENT(Severity.WARNING),
    PARENT_UNREACHABLE(Severity.ERROR),
    PARENT_NOT_FOUND(Severity.ERROR),
    PARENT_REFUSES(Severity.ERROR),
    PARENT_SERVES_ZONE(Severity.NOTE),
    NOT_THE_PARENT(Severity.ERROR),
    NOT_DELEGATED(Severity.ERROR),
    NS_MISSING(Severity.ERROR),
    NS_EXTRA(Severity.ERROR),
    NS_TTL(Severity.NOTE),
    GLUE_MISSING(Severity.ERROR),
    GLUE_WRONG(Severity.ERROR),
    DS_OF_UNSIGNED(Severity.ERROR),
    DS_OF_NO_KEY(Severity.ERROR),
    SERVER_SILENT(Severity.ERROR),
    NO_ROUTE(Severity.NOTE),
    SERVER_WITHOUT_ZONE(Severity.ERROR),
    SERIAL_DIFFERS(Severity.WARNING),
    ADDRESS_UNKNOWN(Severity.WARNING),
    SERVERS_FEW(Severity.WARNING),
    SERVERS_TOGETHER(Severity.WARNING),
    V4_MISSING(Severity.WARNING),
    NODE_NOT_LISTED(Severity.WARNING),
    PORT_UNUSUAL(Severity.WARNING);

    private final Severity severity;

    Kind(Severity severity) {
      this.severity = severity;
    }

    public Severity severity() {
      return severity;
    }

    /// As JSON has it: `ns-missing`.
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  public Finding {
    servers = List.copyOf(servers);
  }

  /// `zone: severity: problem (servers); remedy`.
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(Names.shown(zone)).append(": ");
    text.append(kind.severity().name().toLowerCase(Locale.ROOT)).append(": ").append(problem);
    if (!servers.isEmpty()) {
      text.append(" (").append(String.join(", ", servers)).append(')');
    }
    if (!remedy.isEmpty()) {
      text.append("; ").append(remedy);
    }
    return text.toString();
  }
}
