package gslb.dns;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/// Zones that hold together, dense in everything a lookup can meet: few labels, so that names
/// collide, nest and refer to each other, across three zones of which one is inside another.
final class RandomZones {
  static final List<String> APEXES = List.of("example.org", "a.example.org", "gslb.example");

  private static final String[] LABELS = {"a", "b", "c", "*", "www", "B\\000", "x\\.y"};

  /// More than one of a type at a name makes an RRset.
  private static final int[] TYPES = {
    Type.A,
    Type.A,
    Type.A,
    Type.AAAA,
    Type.TXT,
    Type.MX,
    Type.SRV,
    Type.PTR,
    Type.CNAME,
    Type.CNAME,
    Type.NS,
    Type.DNAME,
    Type.CAA
  };

  private final Random random;

  RandomZones(Random random) {
    this.random = random;
  }

  List<TestZone> zones() {
    return APEXES.stream().map(this::zone).toList();
  }

  private TestZone zone(String apexText) {
    Name apex = name(apexText);
    Map<Name, Set<Integer>> types = new HashMap<>();
    Map<Name, Integer> services = new LinkedHashMap<>();
    Set<Record> records = new LinkedHashSet<>();
    int minimum = 1 + random.nextInt(100);
    String numbers = " 1 3600 900 1209600 " + minimum;
    records.add(record(apex, Type.SOA, "ns." + apex + " h.example.net." + numbers, 50));
    records.add(record(apex, Type.NS, "ns." + apex, 300));
    types.put(apex, new HashSet<>(Set.of(Type.SOA, Type.NS)));
    if (random.nextInt(12) == 0) {
      add(apex, apex, Type.DNAME, types, records);
    }
    if (random.nextInt(4) == 0) {
      services.put(apex, random.nextInt(4));
    }
    int count = 5 + random.nextInt(40);
    for (int i = 0; i < count; i++) {
      Name owner = below(apex);
      if (random.nextInt(20) == 0 && types.getOrDefault(owner, Set.of()).isEmpty()) {
        services.put(owner, TestSteering.ALIAS);
        types.put(owner, new HashSet<>(Set.of(Type.CNAME))); // so that nothing comes beside it
      } else if (random.nextInt(7) == 0) {
        Set<Integer> there = types.computeIfAbsent(owner, n -> new HashSet<>());
        if (!services.containsKey(owner)
            && !there.contains(Type.CNAME)
            && !there.contains(Type.A)
            && !there.contains(Type.AAAA)) {
          services.put(owner, random.nextInt(4));
          there.addAll(List.of(Type.A, Type.AAAA));
        }
      } else if (!services.containsKey(owner)) {
        add(apex, owner, TYPES[random.nextInt(TYPES.length)], types, records);
      }
    }
    return new TestZone(apex, List.copyOf(records), services);
  }

  /// Adds records of a type unless the rules of zones forbid it beside what is there.
  private void add(
      Name apex, Name owner, int type, Map<Name, Set<Integer>> types, Set<Record> records) {
    Set<Integer> there = types.computeIfAbsent(owner, n -> new HashSet<>());
    boolean isAlone = type == Type.CNAME || type == Type.DNAME;
    boolean isDelegation = type == Type.NS || type == Type.DNAME;
    if (there.contains(Type.CNAME)
        || (type == Type.CNAME && !there.isEmpty())
        || (isAlone && there.contains(type))
        || (isDelegation && owner.isWild())
        || (type == Type.NS && (there.contains(Type.DNAME) || owner.equals(apex)))
        || (type == Type.DNAME && there.contains(Type.NS) && !owner.equals(apex))) {
      return;
    }
    there.add(type);
    long ttl = 1 + type * 7L;
    int more = isAlone || random.nextBoolean() ? 1 : 1 + random.nextInt(4);
    for (int i = 0; i < more; i++) {
      records.add(record(owner, type, rdata(type), ttl));
    }
    if (type == Type.NS) {
      glue(owner, types, records);
      if (random.nextBoolean() && there.add(Type.DS)) {
        records.add(record(owner, Type.DS, "1 13 2 " + "ab".repeat(32), 86_400));
      }
    }
  }

  private void glue(Name cut, Map<Name, Set<Integer>> types, Set<Record> records) {
    for (Record each : List.copyOf(records)) {
      if (each.getName().equals(cut) && each.getType() == Type.NS && random.nextInt(3) > 0) {
        Name server = name("ns." + cut.toString(true));
        types.computeIfAbsent(server, n -> new HashSet<>()).add(Type.A);
        records.add(record(cut, Type.NS, server.toString(), each.getTTL()));
        records.add(record(server, Type.A, "192.0.2." + random.nextInt(4), 77));
      }
    }
  }

  private String rdata(int type) {
    String target = target().toString();
    int number = random.nextInt(250);
    return switch (type) {
      case Type.A -> "192.0.2." + number;
      case Type.AAAA -> "2001:db8::" + number;
      case Type.TXT -> "t" + number;
      case Type.MX -> number + " " + target;
      case Type.SRV -> "1 2 " + number + " " + target;
      case Type.CAA -> "0 issue \"ca%d.example.net\"".formatted(number);
      default -> target;
    };
  }

  /// A name that records may point to, in our zones or not.
  private Name target() {
    if (random.nextInt(10) == 0) {
      return name(random.nextBoolean() ? "www.example.net" : "A.EXAMPLE");
    }
    return below(name(APEXES.get(random.nextInt(APEXES.size()))));
  }

  Name below(Name apex) {
    StringBuilder text = new StringBuilder();
    int depth = 1 + random.nextInt(3);
    for (int i = 0; i < depth; i++) {
      text.append(LABELS[random.nextInt(random.nextInt(3) == 0 ? LABELS.length : 5)]).append('.');
    }
    return name(text + apex.toString(true));
  }

  /// A name to ask for: an owner, one above, below or beside it, or any.
  Name question(List<TestZone> zones) {
    TestZone zone = zones.get(random.nextInt(zones.size()));
    Name owner =
        random.nextInt(4) == 0 && !zone.services().isEmpty()
            ? List.copyOf(zone.services().keySet()).get(random.nextInt(zone.services().size()))
            : zone.records().get(random.nextInt(zone.records().size())).getName();
    Name name =
        switch (random.nextInt(8)) {
          case 0 -> below(zone.apex());
          case 1 -> name("q" + random.nextInt(9) + "." + owner.toString(true));
          case 2 -> owner.labels() > 1 ? new Name(owner, 1) : owner;
          case 3 -> name(label(owner) + "." + owner.toString(true));
          case 4 ->
              random.nextInt(6) == 0
                  ? name("www.example.net")
                  : name("q.w." + new Name(owner, 1).toString(true));
          default -> owner;
        };
    return otherCase(name);
  }

  /// A label so long that some DNAME makes too long a name of it.
  private String label(Name owner) {
    int most = 255 - owner.length() - 1;
    return "l".repeat(Math.min(63, Math.max(1, most)));
  }

  private Name otherCase(Name name) {
    byte[] wire = name.toWire();
    int at = 0;
    while (wire[at] != 0) {
      int end = at + 1 + wire[at];
      for (int i = at + 1; i < end; i++) {
        if (wire[i] >= 'a' && wire[i] <= 'z' && random.nextInt(4) == 0) {
          wire[i] = (byte) (wire[i] - 32);
        }
      }
      at = end;
    }
    try {
      return new Name(wire);
    } catch (java.io.IOException e) {
      throw new AssertionError(Arrays.toString(wire), e);
    }
  }

  int qtype() {
    int[] others = {
      Type.NS, Type.SOA, Type.DS, Type.ANY, Type.AXFR, Type.CNAME, Type.DNAME, Type.HTTPS, 65_280
    };
    List<Integer> types = new ArrayList<>(Arrays.stream(TYPES).boxed().toList());
    types.addAll(Arrays.stream(others).boxed().toList());
    return random.nextInt(3) == 0 ? Type.A : types.get(random.nextInt(types.size()));
  }

  private static Record record(Name owner, int type, String rdata, long ttl) {
    try {
      return Record.fromString(owner, type, DClass.IN, ttl, rdata, Name.root);
    } catch (java.io.IOException e) {
      throw new AssertionError(rdata, e);
    }
  }

  private static Name name(String text) {
    try {
      return Name.fromString(text, Name.root);
    } catch (TextParseException e) {
      throw new AssertionError(text, e);
    }
  }
}
