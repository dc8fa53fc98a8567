package gslb.node;

import gslb.dns.delegation.CheckedDelegation;
import gslb.dns.delegation.CheckedDelegation.AskedParent;
import gslb.dns.delegation.CheckedDelegation.AskedServer;
import gslb.dns.delegation.Delegation;
import gslb.dns.delegation.Finding;
import gslb.dns.delegation.Names;
import java.io.PrintWriter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A delegation for people: a piece of a zone file, in which all but the records is a comment.
final class DelegationText {
  private DelegationText() {}

  static void print(CheckedDelegation checked, PrintWriter out) {
    Delegation wanted = checked.wanted();
    String zone = Names.shown(wanted.zone());
    out.println("; for the parent of " + zone);
    wanted.records().forEach(out::println);
    out.println(
        wanted.isSigned()
            ? "; and the DS records of the zone's keys"
            : "; no DS record: the zone is not signed");
    if (checked.parent() != null) {
      out.println("; the parent is '" + Names.shown(checked.parent()) + "'");
    }
    for (AskedParent asked : checked.asked()) {
      out.println("; " + asked.server() + " " + asked.outcome());
    }
    for (AskedServer answer : checked.answers()) {
      out.println("; " + answer.server() + " " + answer.outcome() + serial(answer.serial()));
    }
    if (!checked.asked().isEmpty()) {
      out.println("; " + verdict(checked));
    }
  }

  private static String serial(@Nullable Long serial) {
    return serial == null ? "" : ", serial " + serial;
  }

  private static String verdict(CheckedDelegation checked) {
    StringBuilder counts = new StringBuilder();
    for (Finding.Severity severity : Finding.Severity.values()) {
      long count = checked.findings().stream().filter(f -> f.kind().severity() == severity).count();
      if (count > 0) {
        counts.append(counts.isEmpty() ? "" : ", ").append(count).append(' ');
        counts.append(severity.name().toLowerCase(Locale.ROOT)).append(count == 1 ? "" : "s");
      }
    }
    return counts.isEmpty() ? "parent and zone agree" : counts.toString();
  }
}
