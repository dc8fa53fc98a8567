package gslb.dns.delegation;

import gslb.base.DnsName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// Servers that know the replies to some questions, encoded by dnsjava and decoded by the product.
/// What nobody scripted is REFUSED; an address without any script is silent.
final class ScriptedServers implements Asker {
  private final Map<String, Message> replies = new HashMap<>();
  private final Map<String, Unanswered> failures = new HashMap<>();

  /// A reply as `dig` would show it: flags and RCODE, then lines `section owner ttl type rdata`.
  ScriptedServers on(String server, String name, String type, String flags, String... lines) {
    Header header = new Header(7);
    header.setFlag(Flags.QR);
    for (String word : flags.split(" ", -1)) {
      if (word.equals("aa")) {
        header.setFlag(Flags.AA);
      } else {
        header.setRcode(Rcode.value(word));
      }
    }
    Message message = new Message();
    message.setHeader(header);
    try {
      Name question = Name.fromString(name);
      message.addRecord(Record.newRecord(question, Type.value(type), DClass.IN), Section.QUESTION);
      for (String line : lines) {
        String[] words = line.split(" ", 5);
        Record record =
            Record.fromString(
                Name.fromString(words[1]),
                Type.value(words[3]),
                DClass.IN,
                Long.parseLong(words[2]),
                words[4],
                Name.root);
        message.addRecord(record, section(words[0]));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    replies.put(server + " " + name + " " + type, message);
    return this;
  }

  private static int section(String word) {
    return List.of("answer", "authority", "additional").indexOf(word) + Section.ANSWER;
  }

  /// A server that no packet reaches.
  ScriptedServers without(String server) {
    failures.put(server, new Unanswered("cannot be reached from here: no route", true));
    return this;
  }

  @Override
  public DnsReply ask(InetSocketAddress server, DnsName name, int type, boolean recursionDesired)
      throws Unanswered {
    String address = server.getAddress().getHostAddress();
    Unanswered failure = failures.get(address);
    if (failure != null) {
      throw failure;
    }
    if (replies.keySet().stream().noneMatch(key -> key.startsWith(address + " "))) {
      throw new Unanswered("does not answer", false);
    }
    String key = address + " " + name + " " + Type.string(type);
    Message reply = replies.get(key);
    if (reply == null) {
      on(address, name.toString(), Type.string(type), "REFUSED");
      return ask(server, name, type, recursionDesired);
    }
    byte[] bytes = reply.toWire();
    try {
      return DnsReply.read(bytes, new DnsReply.Question(7, name, type, recursionDesired));
    } catch (ProtocolException e) {
      throw new AssertionError("dnsjava encoded it", e);
    }
  }
}
