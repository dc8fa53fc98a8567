package gslb.config;

import gslb.base.Diagnostics;
import gslb.base.DnsName;
import gslb.base.SourceSpan;
import gslb.config.Section.Fields;
import gslb.steering.Catalog;
import gslb.steering.Service;
import gslb.zones.DynamicSlot;
import gslb.zones.DynamicSlot.Claim;
import gslb.zones.FlatZone;
import gslb.zones.ZoneFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads the zone files, with the names that services steer as their dynamic slots.
record ZoneReader(FileSource source, ConfigFiles files, Diagnostics diagnostics) {
  List<FlatZone> read(Fields root, Catalog catalog) {
    List<Named.Entry<Fields>> zones = root.get(Schema.ZONES);
    Map<DnsName, List<DynamicSlot>> slots = new LinkedHashMap<>();
    Map<DnsName, Located<String>> written = new HashMap<>();
    for (Named.Entry<Fields> zone : zones) {
      DnsName apex = DnsName.of(zone.name().value());
      slots.put(apex, new ArrayList<>());
      Located<String> first = written.putIfAbsent(apex, zone.name());
      if (first != null) {
        diagnostics.error(
            zone.name().where(),
            "zone " + Shown.quoted(apex.withoutDot()) + " is defined twice",
            "it stands first at " + first.where(),
            "keep one of them");
      }
    }
    addSlots(root, catalog, slots);
    List<FlatZone> flat = new ArrayList<>();
    for (Named.Entry<Fields> zone : zones) {
      DnsName apex = DnsName.of(zone.name().value());
      Located<String> file = zone.value() == null ? null : zone.value().located(Schema.ZONE_FILE);
      if (file != null && zone.name().equals(written.get(apex))) {
        read(file, apex, slots.getOrDefault(apex, List.of()), flat);
      }
    }
    return flat;
  }

  private void read(
      Located<String> file, DnsName apex, List<DynamicSlot> slots, List<FlatZone> flat) {
    String path = source.resolve(file.where().file(), file.value());
    files
        .text(path, ZoneFile.TEXT_LENGTH_MAX, file.where())
        .flatMap(text -> ZoneFile.read(path, text, apex, slots, included(), diagnostics))
        .ifPresent(flat::add);
  }

  /// Files that zone files include are files of the configuration like others.
  private ZoneFile.Source included() {
    return new ZoneFile.Source() {
      @Override
      public String resolve(String fromFile, String name) {
        return source.resolve(fromFile, name);
      }

      @Override
      public Optional<String> text(String path, int lengthMax, SourceSpan asked) {
        return files.text(path, lengthMax, asked);
      }
    };
  }

  private void addSlots(Fields root, Catalog catalog, Map<DnsName, List<DynamicSlot>> slots) {
    boolean hasAliases = catalog.pools().stream().anyMatch(pool -> pool.cname() != null);
    Map<String, Service> services = new HashMap<>();
    catalog.services().forEach(service -> services.put(service.name(), service));
    Map<DnsName, Located<DnsName>> seen = new HashMap<>();
    for (Named.Entry<Fields> service : root.get(Schema.SERVICES)) {
      Service steering = services.get(service.name().value());
      if (service.value() == null || steering == null) {
        continue;
      }
      Claim claim = claim(steering, hasAliases);
      for (Located<DnsName> name : service.value().get(Schema.NAMES)) {
        Located<DnsName> first = seen.putIfAbsent(name.value(), name);
        if (first == null) {
          addSlot(new DynamicSlot(steering.id(), name.value(), claim, name.where()), slots);
        } else {
          diagnostics.error(
              name.where(),
              "name " + Shown.quoted(name.value().withoutDot()) + " is steered twice",
              "it stands first at " + first.where(),
              "keep it in one service");
        }
      }
    }
  }

  private static Claim claim(Service service, boolean hasAliases) {
    if (hasAliases
        && ServiceChecks.poolsOf(service).stream().anyMatch(pool -> pool.cname() != null)) {
      return Claim.NAME;
    }
    return service.httpsRecord() == null ? Claim.ADDRESSES : Claim.ADDRESSES_AND_HTTPS;
  }

  private void addSlot(DynamicSlot slot, Map<DnsName, List<DynamicSlot>> slots) {
    for (DnsName at = slot.name(); !at.isRoot(); at = at.parent()) {
      List<DynamicSlot> ofZone = slots.get(at);
      if (ofZone != null) {
        ofZone.add(slot);
        return;
      }
    }
    diagnostics.error(
        slot.where(),
        "name " + Shown.quoted(slot.name().withoutDot()) + " is outside all zones",
        slots.isEmpty()
            ? "no zone is configured"
            : "zones are "
                + Shown.either(slots.keySet().stream().limit(5).map(DnsName::withoutDot).toList()),
        "add its zone under 'zones', or correct the name");
  }
}
