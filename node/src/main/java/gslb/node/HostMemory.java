package gslb.node;

import gslb.base.Address;
import gslb.base.DnsName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;

/// The addresses of hosts as a node keeps them over a restart: ASCII lines `gslb-hosts 1`, one
/// `host NAME ADDRESS…` each, and `end COUNT CHECKSUM`, where the checksum is the CRC-32C of all
/// lines before in hexadecimal.
record HostMemory(Map<DnsName, List<Address>> addresses) {
  static final HostMemory NONE = new HostMemory(Map.of());

  private static final String FIRST_LINE = "gslb-hosts 1";

  byte[] encode() {
    StringBuilder text = new StringBuilder(FIRST_LINE).append('\n');
    addresses.forEach(
        (host, all) -> {
          text.append("host ").append(host);
          all.forEach(address -> text.append(' ').append(address));
          text.append('\n');
        });
    String checksum = checksum(text);
    text.append("end ").append(addresses.size()).append(' ').append(checksum).append('\n');
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static String checksum(CharSequence text) {
    CRC32C crc = new CRC32C();
    crc.update(text.toString().getBytes(StandardCharsets.ISO_8859_1));
    return Long.toHexString(crc.getValue());
  }

  /// Reads what {@link #encode} wrote; empty if it is anything else.
  static Optional<HostMemory> decode(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int endAt = text.lastIndexOf("\nend ") + 1;
    String body = text.substring(0, endAt);
    List<String> lines = body.lines().toList();
    if (lines.isEmpty()
        || !lines.getFirst().equals(FIRST_LINE)
        || !text.substring(endAt)
            .equals("end " + (lines.size() - 1) + " " + checksum(body) + "\n")) {
      return Optional.empty();
    }
    Map<DnsName, List<Address>> addresses = new LinkedHashMap<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] words = line.split(" ", -1);
      Optional<DnsName> host = words.length < 3 ? Optional.empty() : DnsName.parse(words[1]);
      List<Address> all = new ArrayList<>();
      for (int i = 2; i < words.length; i++) {
        Address.parse(words[i]).ifPresent(all::add);
      }
      if (host.isEmpty() || !words[0].equals("host") || all.size() != words.length - 2) {
        return Optional.empty();
      }
      addresses.put(host.get(), List.copyOf(all));
    }
    return Optional.of(new HostMemory(addresses));
  }
}
