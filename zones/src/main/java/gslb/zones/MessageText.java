package gslb.zones;

import gslb.base.DnsName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.ClientSubnetOption;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/// A DNS message for people to read. Not for the answer path.
///
/// @param rcode its mnemonic, the extended bits of EDNS included
/// @param scope SCOPE PREFIX-LENGTH of its client subnet option, if it has one
/// @param error its Extended DNS Error (RFC 8914), in words; empty for none
/// @param aliases the targets of its CNAME records in the order of the answer
public record MessageText(
    String rcode,
    List<String> flags,
    List<Line> answer,
    List<Line> authority,
    List<Line> additional,
    OptionalInt scope,
    String error,
    List<DnsName> aliases) {
  public MessageText {
    flags = List.copyOf(flags);
    answer = List.copyOf(answer);
    authority = List.copyOf(authority);
    additional = List.copyOf(additional);
    aliases = List.copyOf(aliases);
  }

  /// A record in the form of a zone file (RFC 1035 §5.1), in its parts.
  public record Line(String name, long ttl, String type, String data) {
    @Override
    public String toString() {
      return name + " " + ttl + " IN " + type + " " + data;
    }
  }

  /// Reads a whole message; empty if it is none.
  public static Optional<MessageText> of(byte[] wire) {
    Message message;
    try {
      message = new Message(wire);
    } catch (IOException e) {
      return Optional.empty();
    }
    List<DnsName> aliases = new ArrayList<>();
    for (Record record : message.getSection(Section.ANSWER)) {
      if (record instanceof CNAMERecord alias) {
        aliases.add(DnsName.ofWire(alias.getTarget().toWire(), 0));
      }
    }
    OptionalInt scope = OptionalInt.empty();
    String error = "";
    OPTRecord opt = message.getOPT();
    for (EDNSOption option : opt == null ? List.<EDNSOption>of() : opt.getOptions()) {
      if (option instanceof ClientSubnetOption subnet) {
        scope = OptionalInt.of(subnet.getScopePrefixLength());
      } else if (option instanceof ExtendedErrorCodeOption why) {
        error = why.getErrorCode() + (why.getText() == null ? "" : ": " + why.getText());
      }
    }
    return Optional.of(
        new MessageText(
            Rcode.string(message.getRcode()),
            flags(message.getHeader()),
            lines(message, Section.ANSWER),
            lines(message, Section.AUTHORITY),
            lines(message, Section.ADDITIONAL),
            scope,
            error,
            aliases));
  }

  private static List<String> flags(Header header) {
    List<String> flags = new ArrayList<>();
    for (int flag : new int[] {Flags.QR, Flags.AA, Flags.TC, Flags.RD, Flags.RA, Flags.AD}) {
      if (header.getFlag(flag)) {
        flags.add(Flags.string(flag));
      }
    }
    return flags;
  }

  private static List<Line> lines(Message message, int section) {
    List<Line> lines = new ArrayList<>();
    for (Record record : message.getSection(section)) {
      if (!(record instanceof OPTRecord)) {
        lines.add(
            new Line(
                record.getName().toString(),
                record.getTTL(),
                RecordTypes.name(record.getType()),
                record.rdataToString()));
      }
    }
    return lines;
  }

  /// The type of that mnemonic, such as `AAAA` or `TYPE65`; empty if there is none.
  public static OptionalInt type(String mnemonic) {
    int type = RecordTypes.parse(mnemonic);
    return type <= 0 ? OptionalInt.empty() : OptionalInt.of(type);
  }

  /// The mnemonic of a type.
  public static String type(int type) {
    return RecordTypes.name(type);
  }
}
