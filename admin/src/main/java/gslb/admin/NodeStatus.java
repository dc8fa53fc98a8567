package gslb.admin;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A node as an operator sees it: the answer to `GET /api/v1/status`, field by field. Times are
/// ISO 8601 in UTC, ages are milliseconds; an age of -1 means never.
///
/// @param started when the process began to serve
/// @param generation in service
/// @param published when that generation was published
/// @param counters by metric name
public record NodeStatus(
    String node,
    String version,
    String started,
    long uptimeSeconds,
    long generation,
    String published,
    ConfigurationFile configuration,
    List<Listener> listeners,
    List<ServiceStatus> services,
    List<PoolStatus> pools,
    List<HostStatus> hosts,
    ClusterStatus cluster,
    List<GeoDatabaseStatus> geo,
    GeoNetworksStatus networks,
    List<CertificateStatus> certificates,
    Map<String, Long> counters) {
  public NodeStatus {
    listeners = List.copyOf(listeners);
    services = List.copyOf(services);
    pools = List.copyOf(pools);
    hosts = List.copyOf(hosts);
    geo = List.copyOf(geo);
    certificates = List.copyOf(certificates);
    counters = Map.copyOf(counters);
  }

  /// @param file main file as given on the command line
  /// @param digest SHA-256 over the contents of every file read, in hexadecimal
  /// @param loaded when it was applied
  public record ConfigurationFile(String file, String digest, String loaded) {}

  /// @param protocol `dns-udp`, `dns-tcp`, `dns-tls`, `http`, `admin`
  /// @param address `192.0.2.53:53` or `[2001:db8::53]:53`
  public record Listener(String protocol, String address) {}

  /// @param names steered owner names
  /// @param redirectHosts hosts of the redirect tier, empty without one
  /// @param pools that its policy can choose, by name
  public record ServiceStatus(
      String name, List<String> names, List<String> redirectHosts, List<String> pools) {
    public ServiceStatus {
      names = List.copyOf(names);
      redirectHosts = List.copyOf(redirectHosts);
      pools = List.copyOf(pools);
    }
  }

  /// @param site where it stands, empty if nowhere
  /// @param redirectTo base URL, empty if it is no redirect's target
  /// @param cname what is answered in place of the endpoints, empty if they are
  /// @param available whether a policy may choose it now
  /// @param ramp null unless it gets its clients back after a failure
  public record PoolStatus(
      String name,
      String site,
      String redirectTo,
      String cname,
      boolean available,
      @Nullable RampStatus ramp,
      List<EndpointStatus> endpoints) {
    public PoolStatus {
      endpoints = List.copyOf(endpoints);
    }
  }

  /// @param step how many steps are done, from 1
  /// @param steps of the whole ramp
  public record RampStatus(int step, int steps) {}

  /// @param host the name whose address it is, empty if the address was configured
  /// @param verdict `UP`, `DOWN` or `UNKNOWN`, as steering has it
  /// @param override `NONE`, `UP`, `DOWN` or `DRAIN`
  /// @param held whether it is down and the capacity guard has it answered all the same
  /// @param probes empty if nothing monitors it
  public record EndpointStatus(
      String address,
      String host,
      int weight,
      String verdict,
      String override,
      boolean held,
      List<ProbeStatus> probes) {
    public EndpointStatus {
      probes = List.copyOf(probes);
    }
  }

  /// A host name that endpoints are given by.
  ///
  /// @param state `UNASKED`, `FRESH`, `STALE` (the latest answer failed, the addresses before it
  ///     serve) or `UNRESOLVED`
  /// @param addresses of the latest good answer
  /// @param leaving addresses that left it and serve until a new one is up
  /// @param ageMillis since the latest good answer
  /// @param failures since then
  /// @param problem of the latest failure, empty if there is none
  public record HostStatus(
      String name,
      String state,
      List<String> addresses,
      List<String> leaving,
      long ageMillis,
      int failures,
      String problem) {
    public HostStatus {
      addresses = List.copyOf(addresses);
      leaving = List.copyOf(leaving);
    }
  }

  /// One monitor of one endpoint.
  ///
  /// @param verdict the cluster's
  /// @param reason which rule made the verdict
  /// @param opinion this node's own, after rise and fall
  /// @param remaining own probes until the opinion can flip
  /// @param last what the latest own probe saw, empty before the first
  /// @param latencyMillis of that probe, -1 before the first
  /// @param lastMillis since its end
  /// @param stale whether the verdict is held because no fresh vote exists
  public record ProbeStatus(
      String monitor,
      int port,
      String verdict,
      String reason,
      String opinion,
      int remaining,
      String last,
      double latencyMillis,
      long lastMillis,
      boolean stale,
      long flips,
      List<VoteStatus> votes) {
    public ProbeStatus {
      votes = List.copyOf(votes);
    }
  }

  /// A node's vote as this node holds it.
  public record VoteStatus(String node, String site, boolean up, long ageMillis, boolean fresh) {}

  /// @param uplink `NOT_CHECKED`, `WORKS` or `FAILED`: what this node knows of its own uplink
  /// @param members empty without a cluster
  public record ClusterStatus(String name, String uplink, List<MemberStatus> members) {
    public ClusterStatus {
      members = List.copyOf(members);
    }
  }

  /// @param self whether it is the node asked
  /// @param heardMillis since its last message
  /// @param fresh whether that is recent enough for its votes to count
  public record MemberStatus(
      String name, String site, boolean self, long heardMillis, boolean fresh, boolean connected) {}

  /// @param name of the file
  /// @param type the database's own word for what it is
  /// @param built when it was made
  /// @param maxAgeDays from which it is old, -1 for never
  /// @param file as it is followed
  public record GeoDatabaseStatus(
      String name,
      String type,
      String built,
      long ageSeconds,
      long maxAgeDays,
      boolean old,
      GeoFileStatus file) {}

  /// The operator's own networks.
  ///
  /// @param name of their file, empty if they are in the configuration
  /// @param networks how many
  /// @param prefixes of all of them
  /// @param file as it is followed, null if there is none
  public record GeoNetworksStatus(
      String name, int networks, int prefixes, @Nullable GeoFileStatus file) {}

  /// A file that says where clients are, and is taken into service when it changes.
  ///
  /// @param loaded when the version in service was
  /// @param refused whether the version on disk was refused, and an earlier one serves on
  /// @param refusals since the start
  /// @param refusedAt when the latest was, empty if none was
  /// @param reason of the latest refusal, the first of its problems
  public record GeoFileStatus(
      String loaded, boolean refused, long refusals, String refusedAt, String reason) {}

  /// @param file that it was read from
  /// @param subject as the certificate has it
  /// @param validUntil ISO 8601 in UTC
  /// @param remainingDays until then, negative after it
  public record CertificateStatus(
      String file, String subject, String validUntil, long remainingDays) {}
}
