package gslb.zones;

import gslb.base.Address;
import gslb.base.DnsName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SVCBBase;
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
  /// The addresses of a service's `ipv6hint` (RFC 9460 §7.3).
  private static final Pattern HINT = Pattern.compile("(?<= ipv6hint=)[0-9a-f:.,]+");

  private static final int HEADER_LENGTH = 12;

  /// Octets of TYPE, CLASS, TTL and RDLENGTH.
  private static final int RECORD_HEAD_LENGTH = 10;

  /// RFC 7871 §6.
  private static final int CLIENT_SUBNET = 8;

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
    OptionalInt scope;
    try {
      byte[] known = wire.clone();
      scope = takeScope(known);
      message = new Message(known);
    } catch (IOException | IndexOutOfBoundsException e) {
      return Optional.empty();
    }
    List<DnsName> aliases = new ArrayList<>();
    for (Record record : message.getSection(Section.ANSWER)) {
      if (record instanceof CNAMERecord alias) {
        aliases.add(DnsName.ofWire(alias.getTarget().toWire(), 0));
      }
    }
    String error = "";
    OPTRecord opt = message.getOPT();
    for (EDNSOption option : opt == null ? List.<EDNSOption>of() : opt.getOptions()) {
      if (option instanceof ExtendedErrorCodeOption why) {
        int code = why.getErrorCode();
        String text = why.getText();
        error = code + " " + ExtendedErrorCodeOption.text(code) + (text == null ? "" : ": " + text);
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

  /// Reads SCOPE PREFIX-LENGTH of the client subnet option (RFC 7871 §6), and renames the option:
  /// the library refuses one of FAMILY 2 that holds an IPv4-mapped address.
  private static OptionalInt takeScope(byte[] wire) {
    int at = HEADER_LENGTH;
    for (int i = u16(wire, 4); i > 0; i--) {
      at = nameEnd(wire, at) + 4;
    }
    for (int i = u16(wire, 6) + u16(wire, 8) + u16(wire, 10); i > 0; i--) {
      at = nameEnd(wire, at);
      int end = at + RECORD_HEAD_LENGTH + u16(wire, at + 8);
      if (u16(wire, at) == RecordTypes.OPT) {
        for (int of = at + RECORD_HEAD_LENGTH; of < end; of += 4 + u16(wire, of + 2)) {
          if (u16(wire, of) == CLIENT_SUBNET) {
            wire[of] = (byte) 0xff; // RFC 6891 §9: for local use
            return OptionalInt.of(wire[of + 7] & 0xff);
          }
        }
      }
      at = end;
    }
    return OptionalInt.empty();
  }

  private static int u16(byte[] wire, int at) {
    return (wire[at] & 0xff) << 8 | wire[at + 1] & 0xff;
  }

  /// The offset behind a name (RFC 1035 §4.1.4).
  private static int nameEnd(byte[] wire, int from) {
    int at = from;
    while (wire[at] != 0) {
      if ((wire[at] & 0xc0) == 0xc0) {
        return at + 2;
      }
      at += 1 + (wire[at] & 0xff);
    }
    return at + 1;
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
                rdata(record)));
      }
    }
    return lines;
  }

  /// As in a zone file, with IPv6 addresses as RFC 5952 writes them.
  private static String rdata(Record record) {
    String text = record.rdataToString();
    return switch (record) {
      case AAAARecord _ -> canonical(text);
      case SVCBBase _ ->
          HINT.matcher(text)
              .replaceAll(
                  hint ->
                      Arrays.stream(hint.group().split(","))
                          .map(MessageText::canonical)
                          .collect(Collectors.joining(",")));
      default -> text;
    };
  }

  private static String canonical(String address) {
    return Address.parse(address).map(Address::toString).orElse(address);
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
