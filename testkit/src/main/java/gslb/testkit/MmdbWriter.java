package gslb.testkit;

import gslb.base.Address;
import gslb.base.Prefix;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Writes small MaxMind DB 2.0 files: prefixes with records of maps, lists, texts, doubles, floats
/// and numbers. Prefixes may nest; the longest wins. IPv4 goes below `::/96` of an IPv6 tree.
public final class MmdbWriter {
  private static final int EMPTY = -1;
  private static final String TYPE = "written by a test";
  private static final byte[] MARKER = {
    (byte) 0xab, (byte) 0xcd, (byte) 0xef, 'M', 'a', 'x', 'M', 'i', 'n', 'd', '.', 'c', 'o', 'm'
  };

  private final int ipVersion;
  private final int recordSize;
  private final String databaseType;

  /// Left and right record of each node: a node's number, {@link #EMPTY}, or `-2 - index` of data.
  private final List<int[]> nodes = new ArrayList<>(List.of(new int[] {EMPTY, EMPTY}));

  private final List<Object> data = new ArrayList<>();

  private MmdbWriter(int ipVersion, int recordSize, String databaseType) {
    this.ipVersion = ipVersion;
    this.recordSize = recordSize;
    this.databaseType = databaseType;
  }

  /// A file of these prefixes and what is known of each.
  ///
  /// @param recordSize bits of a record of the search tree: 24, 28 or 32
  public static byte[] write(int ipVersion, int recordSize, Map<Prefix, ?> records) {
    return write(ipVersion, recordSize, TYPE, records);
  }

  /// The same of a type that other readers know, such as `GeoIP2-City`.
  public static byte[] write(
      int ipVersion, int recordSize, String databaseType, Map<Prefix, ?> records) {
    MmdbWriter writer = new MmdbWriter(ipVersion, recordSize, databaseType);
    // By address, then the shorter first: what is inside is written after what is around it.
    new TreeMap<Prefix, Object>(records).forEach(writer::put);
    return writer.bytes();
  }

  private void put(Prefix prefix, Object record) {
    int known = data.indexOf(record);
    if (known < 0) {
      known = data.size();
      data.add(record);
    }
    Address address = prefix.address();
    boolean isV4 = address.isV4();
    int skipped = isV4 && ipVersion == 6 ? 96 : 0;
    int depth = skipped + prefix.length();
    if (depth == 0) {
      nodes.getFirst()[0] = -2 - known;
      nodes.getFirst()[1] = -2 - known;
      return;
    }
    int node = 0;
    for (int i = 0; i < depth - 1; i++) {
      int side = i < skipped ? 0 : bit(address, i - skipped);
      int next = nodes.get(node)[side];
      if (next < 0) {
        nodes.add(new int[] {next, next});
        nodes.get(node)[side] = nodes.size() - 1;
      }
      node = nodes.get(node)[side];
    }
    int side = depth <= skipped ? 0 : bit(address, prefix.length() - 1);
    nodes.get(node)[side] = -2 - known;
  }

  private static int bit(Address address, int index) {
    byte[] bytes = address.toBytes();
    return bytes[index / 8] >>> 7 - index % 8 & 1;
  }

  private byte[] bytes() {
    List<Integer> offsets = new ArrayList<>();
    ByteArrayOutputStream section = new ByteArrayOutputStream();
    for (Object value : data) {
      offsets.add(section.size());
      encode(value, section);
    }
    long[][] records = new long[nodes.size()][2];
    for (int node = 0; node < records.length; node++) {
      for (int side = 0; side < 2; side++) {
        int record = nodes.get(node)[side];
        records[node][side] =
            record >= 0
                ? record
                : record == EMPTY ? nodes.size() : nodes.size() + 16L + offsets.get(-2 - record);
      }
    }
    return file(ipVersion, recordSize, databaseType, records, section.toByteArray());
  }

  /// A file of these records, whatever they point to.
  public static byte[] file(int ipVersion, int recordSize, long[][] records, byte[] section) {
    return file(ipVersion, recordSize, TYPE, records, section);
  }

  private static byte[] file(
      int ipVersion, int recordSize, String databaseType, long[][] records, byte[] section) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (long[] node : records) {
      writeNode(node, recordSize, out);
    }
    out.writeBytes(new byte[16]);
    out.writeBytes(section);
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("binary_format_major_version", (short) 2);
    metadata.put("binary_format_minor_version", (short) 0);
    metadata.put("build_epoch", 1_781_654_400L); // 2026-06-17
    metadata.put("database_type", databaseType);
    metadata.put("description", Map.of("en", "written by a test"));
    metadata.put("ip_version", (short) ipVersion);
    metadata.put("languages", List.of("en"));
    metadata.put("node_count", records.length);
    metadata.put("record_size", (short) recordSize);
    out.writeBytes(MARKER);
    encode(metadata, out);
    return out.toByteArray();
  }

  private static void writeNode(long[] node, int recordSize, ByteArrayOutputStream out) {
    switch (recordSize) {
      case 24 -> {
        writeBytes(node[0], 3, out);
        writeBytes(node[1], 3, out);
      }
      case 28 -> {
        writeBytes(node[0], 3, out);
        out.write((int) (node[0] >>> 24 << 4 | node[1] >>> 24));
        writeBytes(node[1], 3, out);
      }
      case 32 -> {
        writeBytes(node[0], 4, out);
        writeBytes(node[1], 4, out);
      }
      default -> throw new IllegalArgumentException("record size " + recordSize);
    }
  }

  private static void writeBytes(long value, int count, ByteArrayOutputStream out) {
    for (int i = count - 1; i >= 0; i--) {
      out.write((int) (value >>> 8 * i));
    }
  }

  /// One value as the data section holds it.
  public static byte[] encoded(Object value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    encode(value, out);
    return out.toByteArray();
  }

  private static void encode(Object value, ByteArrayOutputStream out) {
    switch (value) {
      case Map<?, ?> map -> {
        control(7, map.size(), out);
        map.forEach(
            (key, inner) -> {
              encode(key, out);
              encode(inner, out);
            });
      }
      case List<?> list -> {
        control(11, list.size(), out);
        list.forEach(inner -> encode(inner, out));
      }
      case String text -> {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        control(2, bytes.length, out);
        out.writeBytes(bytes);
      }
      case Double number -> {
        control(3, 8, out);
        out.writeBytes(ByteBuffer.allocate(8).putDouble(number).array());
      }
      case Float number -> {
        control(15, 4, out);
        out.writeBytes(ByteBuffer.allocate(4).putFloat(number).array());
      }
      case Short number -> {
        control(5, 2, out);
        writeBytes(number, 2, out);
      }
      case Integer number -> {
        control(6, 4, out);
        writeBytes(number, 4, out);
      }
      case Long number -> {
        control(9, 8, out);
        writeBytes(number, 8, out);
      }
      case byte[] raw -> out.writeBytes(raw);
      default -> throw new IllegalArgumentException("a value of " + value.getClass());
    }
  }

  /// The type and size in front of a value.
  public static void control(int type, int size, ByteArrayOutputStream out) {
    int high = type < 8 ? type << 5 : 0;
    int inline = size < 29 ? size : size < 285 ? 29 : size < 65_821 ? 30 : 31;
    out.write(high | inline);
    if (type >= 8) {
      out.write(type - 7);
    }
    if (inline >= 29) {
      int base = inline == 29 ? 29 : inline == 30 ? 285 : 65_821;
      writeBytes(size - base, inline - 28, out);
    }
  }
}
