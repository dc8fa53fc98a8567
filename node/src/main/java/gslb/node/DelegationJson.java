package gslb.node;

import gslb.base.Address;
import gslb.config.Json;
import gslb.dns.delegation.CheckedDelegation;
import gslb.dns.delegation.CheckedDelegation.AskedParent;
import gslb.dns.delegation.CheckedDelegation.AskedServer;
import gslb.dns.delegation.Delegation;
import gslb.dns.delegation.Finding;
import gslb.dns.delegation.NameServer;
import gslb.dns.delegation.Names;
import gslb.dns.delegation.ServerAddress;
import java.util.List;
import java.util.Locale;

/// Delegations for programs.
final class DelegationJson {
  private DelegationJson() {}

  static Json of(List<CheckedDelegation> all) {
    return Json.object().with("zones", all.stream().map(DelegationJson::zone).toList());
  }

  private static Json zone(CheckedDelegation checked) {
    Delegation wanted = checked.wanted();
    Json json =
        Json.object()
            .with("zone", Names.shown(wanted.zone()))
            .with("ttl", wanted.ttl())
            .with("serial", wanted.serial())
            .with("signed", wanted.isSigned())
            .with("servers", wanted.servers().stream().map(DelegationJson::server).toList())
            .with("records", wanted.records());
    if (checked.parent() != null) {
      json.with("parent", Names.shown(checked.parent()));
    }
    return json.with("parentServers", checked.asked().stream().map(DelegationJson::asked).toList())
        .with("answers", checked.answers().stream().map(DelegationJson::answer).toList())
        .with("findings", checked.findings().stream().map(DelegationJson::finding).toList());
  }

  private static Json server(NameServer server) {
    return Json.object()
        .with("name", Names.shown(server.name()))
        .with("addresses", server.addresses().stream().map(Address::toString).toList())
        .with("glue", server.needsGlue());
  }

  private static Json named(ServerAddress server) {
    Json json = Json.object().with("address", Names.shown(server.address()));
    return server.name() == null ? json : json.with("name", Names.shown(server.name()));
  }

  private static Json asked(AskedParent asked) {
    return named(asked.server()).with("outcome", asked.outcome());
  }

  private static Json answer(AskedServer answer) {
    Json json = named(answer.server()).with("outcome", answer.outcome());
    return answer.serial() == null ? json : json.with("serial", answer.serial());
  }

  private static Json finding(Finding finding) {
    return Json.object()
        .with("severity", finding.kind().severity().name().toLowerCase(Locale.ROOT))
        .with("kind", finding.kind().word())
        .with("problem", finding.problem())
        .with("remedy", finding.remedy())
        .with("servers", finding.servers())
        .with("text", finding.toString());
  }
}
