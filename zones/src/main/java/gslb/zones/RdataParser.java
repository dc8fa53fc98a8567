package gslb.zones;

import gslb.base.DnsName;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Section;

/// Turns the RDATA fields of one record into wire form, by dnsjava. Each token is given to it on a
/// line of its own, so that the line in its message tells which token it stopped at. Confined to
/// one thread.
final class RdataParser {
  /// Octets of RDATA (RFC 1035 §3.2.1).
  static final int RDATA_LENGTH_MAX = 65_535;

  /// Root owner, type, class, TTL and RDLENGTH in front of RDATA in a record's wire form.
  static final int HEADER_LENGTH = 11;

  private DnsName origin = DnsName.ROOT;
  private Name originName = Name.root;

  /// Either the octets or what is wrong.
  sealed interface Outcome {
    @SuppressWarnings("ArrayRecordComponent")
    record Octets(byte[] rdata) implements Outcome {}

    record Refused(Defect defect) implements Outcome {}
  }

  Outcome parse(int type, Token typeToken, List<Token> rdata, DnsName origin) {
    Outcome form = RdataForms.read(type, typeToken, rdata, origin);
    if (form != null) {
      return form;
    }
    var defect = RdataFields.check(type, typeToken, rdata, origin);
    if (defect.isPresent()) {
      return new Outcome.Refused(defect.get());
    }
    try {
      setOrigin(origin);
      byte[] octets = convert(type, rdata);
      if (octets.length > RDATA_LENGTH_MAX) {
        return refuse(
            typeToken,
            "RDATA of " + octets.length + " octets",
            "the limit is " + RDATA_LENGTH_MAX + " (RFC 1035 §3.2.1)",
            "split the record");
      }
      return new Outcome.Octets(octets);
    } catch (IOException e) {
      return explain(type, typeToken, rdata, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      // dnsjava lets some malformed fields through to an array index or a missing value.
      return refuse(
          rdata.isEmpty() ? typeToken : rdata.getFirst(),
          "the fields of " + RecordTypes.name(type) + " cannot be read",
          "the type's own RFC gives its fields",
          "correct them, or write them as \\# (RFC 3597 §5)");
    }
  }

  private void setOrigin(DnsName next) throws IOException {
    if (!next.equals(origin)) {
      originName = new Name(next.toWire());
      origin = next;
    }
  }

  private byte[] convert(int type, List<Token> rdata) throws IOException {
    StringBuilder text = new StringBuilder("(\n");
    for (Token token : rdata) {
      if (token.isQuoted()) {
        text.append('"').append(token.text()).append('"');
      } else {
        text.append(token.text());
      }
      text.append('\n');
    }
    text.append(')');
    org.xbill.DNS.Record record =
        org.xbill.DNS.Record.fromString(Name.root, type, DClass.IN, 0, text.toString(), originName);
    byte[] wire = record.toWire(Section.ANSWER);
    return Arrays.copyOfRange(wire, HEADER_LENGTH, wire.length);
  }

  /// Finds the token that a message of dnsjava speaks of: `<none>:LINE: text`, where the first
  /// token stands on line 2.
  private static Outcome explain(int type, Token typeToken, List<Token> rdata, String message) {
    String problem = message;
    Token at = rdata.isEmpty() ? typeToken : rdata.getFirst();
    if (message.startsWith("<none>:")) {
      int end = message.indexOf(": ", 7);
      int line = end < 0 ? -1 : (int) Math.min(1_000_000, TtlText.parse(message.substring(7, end)));
      problem = end < 0 ? message : message.substring(end + 2);
      if (!rdata.isEmpty() && line >= 2) {
        at = rdata.get(Math.min(line - 2, rdata.size() - 1));
      }
    } else {
      String tail = message.substring(message.lastIndexOf(' ') + 1);
      for (Token token : rdata) {
        if (!tail.isEmpty() && token.text().contains(tail)) {
          at = token;
          break;
        }
      }
    }
    String name = RecordTypes.name(type);
    if (problem.equals("invalid unknown RR encoding")) {
      return refuse(
          at,
          name + " has no form of its own here",
          "such types are written as \\# LENGTH HEX (RFC 3597 §5)",
          "write it in that form");
    }
    return refuse(at, name + ": " + clean(problem), "the type's own RFC gives its fields", "");
  }

  /// Printable, in lower case at its beginning, of bounded length.
  private static String clean(String message) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < Math.min(message.length(), 120); i++) {
      char c = message.charAt(i);
      text.append(c < ' ' || c > '~' ? '?' : i == 0 ? Character.toLowerCase(c) : c);
    }
    return text.toString();
  }

  private static Outcome refuse(Token at, String problem, String rule, String remedy) {
    return new Outcome.Refused(new Defect(at, problem, rule, remedy));
  }
}
