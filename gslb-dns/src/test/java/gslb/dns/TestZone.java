package gslb.dns;

import gslb.base.DnsName;
import gslb.zones.FlatZone;
import gslb.zones.FlatZoneBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xbill.DNS.Master;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRset;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/// The records of one zone, unchecked, with the ids of the services that answer at some names.
public record TestZone(Name apex, List<Record> records, Map<Name, Integer> services) {
  static TestZone of(String apex, String text) {
    return of(apex, text, Map.of());
  }

  static TestZone of(String apex, String text, Map<String, Integer> services) {
    Name origin = Name.fromConstantString(apex + ".");
    List<Record> records = new ArrayList<>();
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (Master master = new Master(new ByteArrayInputStream(bytes), origin)) {
      for (Record next = master.nextRecord(); next != null; next = master.nextRecord()) {
        records.add(next);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<Name, Integer> byName = new LinkedHashMap<>();
    services.forEach((name, id) -> byName.put(Name.fromConstantString(name + "."), id));
    return new TestZone(origin, records, byName);
  }

  /// What the responder serves of it.
  FlatZone flat(long seed) {
    Map<List<Object>, RRset> rrsets = new LinkedHashMap<>();
    for (Record each : records) {
      rrsets.computeIfAbsent(List.of(each.getName(), each.getType()), k -> new RRset()).addRR(each);
    }
    FlatZoneBuilder builder = new FlatZoneBuilder(name(apex), seed);
    for (RRset rrset : rrsets.values()) {
      builder.add(
          name(rrset.getName()),
          rrset.getType(),
          (int) rrset.getTTL(),
          rrset.rrs(false).stream().map(TestZone::rdata).toList());
    }
    services.forEach((name, id) -> builder.slot(name(name), id));
    return builder.build();
  }

  static DnsName name(Name name) {
    return DnsName.ofWire(name.toWire(), 0);
  }

  /// RDATA in uncompressed wire form, in the case it was given.
  static byte[] rdata(Record each) {
    byte[] wire = each.toWire(Section.ANSWER);
    return Arrays.copyOfRange(wire, each.getName().length() + 10, wire.length);
  }
}
