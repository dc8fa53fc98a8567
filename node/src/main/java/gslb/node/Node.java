package gslb.node;

import gslb.admin.AdminServer;
import gslb.admin.AdminToken;
import gslb.admin.NodeStatus;
import gslb.base.Clock;
import gslb.base.Counters;
import gslb.base.Diagnostic;
import gslb.base.Diagnostics;
import gslb.base.SourceSpan;
import gslb.cluster.ClusterSettings;
import gslb.cluster.ClusterVoteBus;
import gslb.config.Configuration;
import gslb.config.FileSource;
import gslb.config.TlsSettings;
import gslb.dns.RateLimiter;
import gslb.dns.Responder;
import gslb.dns.listen.DnsServer;
import gslb.dns.listen.DnsSettings;
import gslb.dns.listen.UdpTransport;
import gslb.health.HealthLoop;
import gslb.health.HealthMemory;
import gslb.health.HealthStatus;
import gslb.health.Membership;
import gslb.health.NetworkProbe;
import gslb.health.NetworkVantageCheck;
import gslb.health.Probe;
import gslb.health.TargetVerdicts;
import gslb.health.VantageCheck;
import gslb.health.VoteBus;
import gslb.redirect.RedirectServer;
import gslb.steering.ClientSample;
import gslb.steering.ClientSketches;
import gslb.steering.SteeringPlan;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// One running node: builds every room, wires them in one direction and ends them in reverse order.
///
/// Threads: `publisher` writes generations; the rooms own theirs; `housekeeping` saves verdicts and
/// looks for replaced geo databases and networks. DNS and redirects are answered before the cluster
/// is joined.
public final class Node implements AutoCloseable {
  /// Between two savings of the verdicts, if they changed.
  static final Duration SAVE_INTERVAL = Duration.ofSeconds(10);

  /// Between two looks at the files of the geo databases, the own networks and the certificate.
  static final Duration FILES_INTERVAL = Duration.ofSeconds(2);

  /// Between two looks at whom the rate limit limits.
  static final Duration LIMIT_INTERVAL = Duration.ofSeconds(5);

  /// Between two looks whether a new secret of cookies is due.
  static final Duration COOKIE_INTERVAL = Duration.ofMinutes(1);

  private static final Logger LOGGER = System.getLogger(Node.class.getName());

  /// What a node reaches the world through; a test puts its own here.
  public record Edges(
      Clock clock, FileSource files, Probe probe, VantageCheck vantageCheck, HostResolver hosts) {
    public static Edges real() {
      Clock clock = Clock.system();
      return new Edges(
          clock,
          new DiskFiles(),
          new NetworkProbe(clock, Version.text()),
          new NetworkVantageCheck(clock),
          new SystemHostResolver(clock, new SecureRandom(), SystemResolvers.FILE));
    }
  }

  private final String configurationFile;
  private final Edges edges;
  private final Opened opened;
  private final StateDirectory state;
  private final GeoMemory geoMemory;
  private final Publisher<Generation> publisher;
  private final HealthLoop health;
  private final HostLoop hosts;
  private final @Nullable ClusterVoteBus bus;
  private final ClientSketches sketches;
  private final Responder responder;
  private final DnsServer dns;
  private final RedirectServer redirect;
  private final Object changing = new Object();
  private final RestartOnly started;
  private volatile ServedWorld world;
  private final GeoFollower geoFiles;
  private final CookieSchedule cookies;
  private byte[] savedVerdicts = {};
  private byte[] savedHosts = HostMemory.NONE.encode();
  private long cookiePeriod;

  /// Reads the configuration, opens everything and serves.
  ///
  /// @throws Refused if the configuration has errors or something cannot be opened; nothing is left
  ///     open then
  public static Node start(String configurationFile, Edges edges) throws Refused {
    Diagnostics diagnostics = new Diagnostics();
    ServedWorld world =
        ConfigurationReader.read(edges, configurationFile, GeoFiles.NONE, diagnostics)
            .orElseThrow(() -> new Refused(ExitCode.CONFIG, diagnostics.sorted()));
    diagnostics.sorted().forEach(d -> LOGGER.log(Level.WARNING, d::logged));
    Opened opened = new Opened();
    try {
      Node node = new Node(configurationFile, edges, world, opened);
      node.serve();
      return node;
    } catch (Refused | RuntimeException | Error e) {
      opened.close();
      throw e;
    }
  }

  private Node(String configurationFile, Edges edges, ServedWorld read, Opened opened)
      throws Refused {
    this.configurationFile = configurationFile;
    this.edges = edges;
    this.opened = opened;
    Configuration configuration = read.configuration();
    started = RestartOnly.of(configuration);
    cookies = CookieSchedule.of(configuration, random32());
    state = openState(configuration);
    geoMemory = GeoMemory.of(configuration);
    hosts = opened.add(new HostLoop(edges.clock(), edges.hosts(), readHosts()));
    hosts.await(configuration.hosts().names());
    world = withOptions(read.resolved(hosts::addresses));
    geoFiles = new GeoFollower(new ServedPlaces(this), edges.files(), edges.clock());
    ClusterSettings cluster = configuration.cluster();
    bus = cluster == null ? null : new ClusterVoteBus(cluster);
    HealthLoop.Ports ports =
        new HealthLoop.Ports(
            edges.clock(),
            edges.probe(),
            edges.vantageCheck(),
            bus == null ? VoteBus.NONE : bus,
            this::verdictsChanged);
    health = new HealthLoop(membership(configuration), ports, readMemory());
    publisher = new Publisher<>(edges.clock(), world, health.verdicts());
    SecureRandom random = new SecureRandom();
    sketches = new ClientSketches(new SplittableRandom(random.nextLong()));
    responder = new Responder(() -> publisher.current().dns(), new RateLimiter(random), sketches);
    try {
      dns =
          opened.add(
              DnsServer.open(
                  dnsSettings(configuration),
                  new DnsServer.Parts(
                      responder::answer,
                      responder::newContext,
                      edges.clock(),
                      UdpTransport.preferred(),
                      read.certificate() == null ? null : this::tls)));
      redirect =
          opened.add(
              RedirectServer.open(
                  configuration.redirect(),
                  () -> publisher.current().redirect(),
                  sketches,
                  edges.clock()));
    } catch (gslb.dns.listen.ListenException | gslb.redirect.ListenException e) {
      throw refused(ExitCode.CANNOT_CREATE, String.valueOf(e.getMessage()));
    }
  }

  /// The clients that were steered in the last hours, by DNS queries and HTTP requests.
  private ClientSample clients() {
    return sketches.clients(
        world.configuration().catalog().services(), edges.clock().currentTimeMillis());
  }

  /// In this order: whatever fails later, DNS answers.
  private void serve() throws Refused {
    opened.add(publisher);
    publisher.start();
    dns.start();
    opened.add(health);
    health.start(world.configuration().health(), world.deadlines());
    hosts.start(new ServedHosts(publisher::current, this::applyHosts));
    if (bus != null) {
      opened.add(bus);
      bus.start();
    }
    openAdmin(world.configuration());
    Housekeeping housekeeping = opened.add(new Housekeeping());
    housekeeping.every(SAVE_INTERVAL, "saving the verdicts", this::saveVerdicts);
    housekeeping.every(SAVE_INTERVAL, "saving the addresses of hosts", this::saveHosts);
    housekeeping.every(FILES_INTERVAL, "looking at the geo files", geoFiles::look);
    housekeeping.every(
        FILES_INTERVAL, "keeping the geo databases", () -> geoMemory.keep(world.geo().databases()));
    housekeeping.every(FILES_INTERVAL, "reading the certificate again", this::followCertificate);
    housekeeping.every(
        LIMIT_INTERVAL,
        "looking after the rate limit",
        () -> responder.housekeep(edges.clock().nanoTime()));
    housekeeping.every(COOKIE_INTERVAL, "changing the cookie secret", this::followCookies);
    LOGGER.log(
        Level.INFO,
        "node ''{0}'' serves generation {1}",
        world.configuration().node().name(),
        publisher.number());
  }

  private void openAdmin(Configuration configuration) throws Refused {
    InetSocketAddress address = configuration.admin().listen();
    try {
      AdminToken token = AdminToken.parse(state.adminToken()).orElseThrow();
      NodeOperations operations = new NodeOperations(this, edges.clock(), this::clients);
      opened.add(AdminServer.open(address, token, operations));
    } catch (IOException e) {
      throw refused(ExitCode.CANNOT_CREATE, String.valueOf(e.getMessage()));
    }
  }

  private StateDirectory openState(Configuration configuration) throws Refused {
    String directory = configuration.node().stateDirectory();
    try {
      return StateDirectory.open(Path.of(directory));
    } catch (IOException e) {
      throw refused(
          ExitCode.CANNOT_CREATE,
          "state directory '"
              + directory
              + "': "
              + e.getMessage()
              + "; the node keeps its verdicts and its admin token there; set node:"
              + " {state-directory: …} to a folder it may write");
    }
  }

  private HealthMemory readMemory() {
    try {
      return state
          .read(StateDirectory.VERDICTS_FILE)
          .map(bytes -> HealthMemory.decode(bytes, text -> LOGGER.log(Level.WARNING, text)))
          .orElse(HealthMemory.NONE);
    } catch (IOException e) {
      LOGGER.log(Level.WARNING, "the saved verdicts cannot be read: {0}", e.getMessage());
      return HealthMemory.NONE;
    }
  }

  private Refused refused(int exitCode, String problem) {
    return new Refused(
        exitCode, List.of(Diagnostic.error(SourceSpan.file(configurationFile), problem, "", "")));
  }

  private static Membership membership(Configuration configuration) {
    ClusterSettings cluster = configuration.cluster();
    if (cluster == null) {
      return Membership.alone(configuration.node().name(), "");
    }
    return new Membership(
        cluster.self().name(),
        cluster.members().stream()
            .map(member -> new Membership.Node(member.name(), member.site()))
            .toList());
  }

  /// One UDP socket per processor and address.
  private static DnsSettings dnsSettings(Configuration configuration) {
    int processors = Runtime.getRuntime().availableProcessors();
    DnsSettings settings = configuration.dns();
    return new DnsSettings(
        settings.listen(),
        settings.listenTls(),
        Math.min(processors, DnsServer.THREADS_PER_ADDRESS_MAX),
        settings.tcp(),
        settings.proxies());
  }

  private void verdictsChanged(TargetVerdicts verdicts) {
    publisher.verdictsChanged(verdicts);
  }

  /// Reads the configuration again and puts it in service, all or nothing.
  ///
  /// @return the new generation and what is worth a warning
  /// @throws Refused if it has errors; the old generation stays
  public Reloaded reload() throws Refused {
    Reloaded reloaded = reloadAll();
    geoFiles.reloaded();
    return reloaded;
  }

  private Reloaded reloadAll() throws Refused {
    synchronized (changing) {
      Diagnostics diagnostics = new Diagnostics();
      ServedWorld read =
          ConfigurationReader.read(edges, configurationFile, world.geo(), diagnostics).orElse(null);
      if (read == null) {
        int errors = diagnostics.errorCount();
        LOGGER.log(
            Level.WARNING,
            "{0}: {1}, nothing applied; generation {2} stays in service",
            configurationFile,
            errors == 1 ? "1 problem" : errors + " problems",
            publisher.number());
        throw new Refused(ExitCode.CONFIG, diagnostics.sorted());
      }
      long number;
      try {
        hosts.await(read.configuration().hosts().names());
        ServedWorld next = read.resolved(hosts::addresses);
        started.compare(next.configuration(), diagnostics);
        ZoneSerials.compare(world.configuration(), next.configuration(), diagnostics);
        number = apply(next);
      } finally {
        hosts.retain(world.configuration().hosts().names());
      }
      LOGGER.log(Level.INFO, "generation {0}: {1} reloaded", number, configurationFile);
      return new Reloaded(number, diagnostics.sorted());
    }
  }

  /// @param generation that serves the configuration just read
  public record Reloaded(long generation, List<Diagnostic> warnings) {}

  /// A configuration that is not applied, compiled as a reload would compile it now.
  ///
  /// @param generation that serves
  /// @param serving its plan
  /// @param plan of the configuration, with the verdicts and ramps of what both have
  /// @param warnings of the configuration
  record Candidate(
      long generation, SteeringPlan serving, SteeringPlan plan, List<Diagnostic> warnings) {}

  /// Reads a configuration as a reload would, and applies nothing.
  ///
  /// @param file null for the node's own
  /// @throws Refused if it has errors
  Candidate candidate(@Nullable String file) throws Refused {
    Diagnostics diagnostics = new Diagnostics();
    // Not yet as one who changes something: real changes need not wait for what takes long.
    ServedWorld read =
        ConfigurationReader.read(
                edges, file == null ? configurationFile : file, world.geo(), diagnostics)
            .orElseThrow(() -> new Refused(ExitCode.CONFIG, diagnostics.sorted()));
    synchronized (changing) {
      try {
        hosts.await(read.configuration().hosts().names());
        ServedWorld next = read.resolved(hosts::addresses);
        started.compare(next.configuration(), diagnostics);
        ZoneSerials.compare(world.configuration(), next.configuration(), diagnostics);
        Generation serving = publisher.current();
        return new Candidate(
            serving.number(),
            serving.plan(),
            next.plan(health.verdicts(), serving),
            diagnostics.sorted());
      } finally {
        hosts.retain(world.configuration().hosts().names());
      }
    }
  }

  private static byte[] random32() {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return bytes;
  }

  /// What the next TLS connection is shown.
  private SSLContext tls() {
    ServedCertificate certificate = world.certificate();
    if (certificate == null) {
      throw new IllegalStateException("the node was started without a certificate");
    }
    return certificate.context();
  }

  /// Takes a certificate that somebody renamed over the old one. Files that cannot be understood
  /// leave the old one in service.
  private void followCertificate() throws Refused {
    synchronized (changing) {
      TlsSettings settings = world.configuration().tls();
      ServedCertificate served = world.certificate();
      if (settings == null || served == null) {
        return;
      }
      Diagnostics diagnostics = new Diagnostics();
      Optional<ServedCertificate> renewed =
          ServedCertificate.renewed(served, settings, edges.files(), edges.clock(), diagnostics);
      if (diagnostics.hasErrors()) {
        throw new Refused(ExitCode.CONFIG, diagnostics.sorted());
      }
      if (renewed.isPresent()) {
        world = world.with(renewed.get());
        diagnostics.sorted().forEach(d -> LOGGER.log(Level.WARNING, d::logged));
        LOGGER.log(Level.INFO, "certificate ''{0}'' renewed", settings.certificateFile());
      }
    }
  }

  private ServedWorld withOptions(ServedWorld read) {
    long now = edges.clock().currentTimeMillis();
    cookiePeriod = CookieSchedule.period(now);
    return read.with(cookies.options(read.configuration(), now));
  }

  /// Takes the next secret of cookies when its day has come.
  private void followCookies() throws Refused {
    synchronized (changing) {
      if (cookiePeriod != CookieSchedule.period(edges.clock().currentTimeMillis())) {
        apply(world);
      }
    }
  }

  private long apply(ServedWorld read) throws Refused {
    ServedCertificate served = world.certificate();
    // The TLS listeners stay until a restart, so what they show does.
    ServedWorld next =
        withOptions(read.certificate() == null && served != null ? read.with(served) : read);
    next.expectFlipsOf(world);
    try {
      long number = publisher.replace(next, health.verdicts()).get();
      health.reconfigure(next.configuration().health(), next.deadlines());
      world = next;
      return number;
    } catch (ExecutionException e) {
      throw refused(ExitCode.SOFTWARE, "the configuration could not be compiled: " + e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw refused(ExitCode.SOFTWARE, "interrupted");
    }
  }

  /// Serves the addresses that hosts have now.
  private void applyHosts() throws Refused {
    synchronized (changing) {
      ServedWorld next = world.resolved(hosts::addresses);
      if (!next.hasEndpointsOf(world)) {
        LOGGER.log(Level.INFO, "generation {0}: addresses of hosts changed", apply(next));
      }
    }
  }

  private HostMemory readHosts() {
    try {
      Optional<byte[]> saved = state.read(StateDirectory.HOSTS_FILE);
      Optional<HostMemory> memory = saved.flatMap(HostMemory::decode);
      if (saved.isPresent() && memory.isEmpty()) {
        LOGGER.log(Level.WARNING, "the saved addresses of hosts are damaged; they are ignored");
      }
      return memory.orElse(HostMemory.NONE);
    } catch (IOException e) {
      LOGGER.log(Level.WARNING, "the saved addresses of hosts cannot be read: {0}", e.getMessage());
      return HostMemory.NONE;
    }
  }

  private void saveHosts() throws IOException {
    byte[] now = hosts.memory().encode();
    if (!Arrays.equals(now, savedHosts)) {
      state.write(StateDirectory.HOSTS_FILE, now);
      savedHosts = now;
    }
  }

  Map<String, NodeStatus.GeoFileStatus> geoFiles() {
    return geoFiles.status();
  }

  List<NodeStatus.HostStatus> hosts() {
    return hosts.status();
  }

  private void saveVerdicts() throws IOException {
    byte[] now = health.memory().encode();
    if (!Arrays.equals(now, savedVerdicts)) {
      state.write(StateDirectory.VERDICTS_FILE, now);
      savedVerdicts = now;
    }
  }

  /// What the geo files are followed for.
  private record ServedPlaces(Node node) implements GeoFollower.Serving {
    @Override
    public ServedWorld world() {
      return node.world;
    }

    @Override
    public Optional<Long> replace(ServedWorld from, Configuration configuration, GeoFiles geo)
        throws Refused {
      return node.replacePlaces(from, configuration, geo);
    }
  }

  /// Serves other places; the rest of the configuration stays as it is.
  @SuppressWarnings("ReferenceEquality") // whether it is the world that is served now
  private Optional<Long> replacePlaces(ServedWorld from, Configuration configuration, GeoFiles geo)
      throws Refused {
    synchronized (changing) {
      if (world != from) {
        return Optional.empty();
      }
      Diagnostics diagnostics = new Diagnostics();
      ServedWorld next =
          ServedWorld.compile(configuration, geo, from.certificate(), edges.clock(), diagnostics)
              .orElseThrow(() -> new Refused(ExitCode.CONFIG, diagnostics.sorted()));
      return Optional.of(apply(next));
    }
  }

  /// What is served now.
  Generation serving() {
    return publisher.current();
  }

  ServedWorld world() {
    return world;
  }

  long publishFailureCount() {
    return publisher.failureCount();
  }

  List<Counters> counters() {
    return List.of(
        responder.counters(),
        dns.counters(),
        redirect.counters(),
        health.counters(),
        hosts.counters());
  }

  /// Counts of the cluster's messages by metric name; none without a cluster.
  Map<String, Long> clusterCounts() {
    return bus == null
        ? Map.of()
        : Map.of(
            "gslb_cluster_messages_sent_total", bus.sentCount(),
            "gslb_cluster_messages_received_total", bus.receivedCount(),
            "gslb_cluster_messages_refused_total", bus.refusedCount(),
            "gslb_cluster_messages_dropped_total", bus.droppedCount());
  }

  public long generation() {
    return publisher.number();
  }

  /// What the health room sees.
  public HealthStatus health() {
    return health.status();
  }

  public List<InetSocketAddress> dnsAddresses() {
    return dns.boundAddresses();
  }

  public List<InetSocketAddress> dnsTlsAddresses() {
    return dns.boundTlsAddresses();
  }

  public List<InetSocketAddress> redirectAddresses() {
    return redirect.addresses();
  }

  /// Ends everything in reverse order, and saves the verdicts.
  @Override
  public void close() {
    hosts.close();
    try {
      saveVerdicts();
      saveHosts();
    } catch (IOException | RuntimeException e) {
      LOGGER.log(Level.WARNING, "the verdicts could not be saved: {0}", e.getMessage());
    }
    opened.close();
  }
}
