package gslb.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.config.AdvancedNetworkConfig;
import com.hazelcast.config.Config;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.ServerSocketEndpointConfig;
import com.hazelcast.config.TopicConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.topic.ITopic;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// Carries byte arrays between the members, over one Hazelcast topic. Joins in the background, on
/// its own thread, and sends from it: a caller never waits for the network. Nothing is ever read
/// back from a Hazelcast structure, because those empty themselves for a while when a partition
/// heals.
final class MemberLink implements AutoCloseable {
  /// Messages that wait for the network; the oldest is dropped for a new one. A dropped transition
  /// is made good by the next digest.
  static final int OUTBOUND_QUEUE_MAX = 1_024;

  /// Milliseconds between two attempts to start, at first and at most.
  static final long RETRY_MILLIS_MIN = 1_000;

  static final long RETRY_MILLIS_MAX = 30_000;

  private static final Logger LOGGER = System.getLogger(MemberLink.class.getName());
  private static final byte[] WAKE_UP = {};
  private static final String TOPIC = "votes";
  private static final String NAME_ATTRIBUTE = "gslb.node";

  private static final Map<String, String> PROPERTIES =
      Map.ofEntries(
          Map.entry("hazelcast.phone.home.enabled", "false"),
          Map.entry("hazelcast.shutdownhook.enabled", "false"),
          Map.entry("hazelcast.logging.type", "jdk"),
          Map.entry("hazelcast.socket.bind.any", "false"),
          Map.entry("hazelcast.heartbeat.interval.seconds", "1"),
          Map.entry("hazelcast.max.no.heartbeat.seconds", "10"),
          Map.entry("hazelcast.merge.first.run.delay.seconds", "5"),
          Map.entry("hazelcast.merge.next.run.delay.seconds", "5"),
          Map.entry("hazelcast.operation.call.timeout.millis", "5000"),
          Map.entry("hazelcast.partition.count", "31"),
          Map.entry("hazelcast.partition.backup.sync.interval", "300"),
          Map.entry("hazelcast.io.thread.count", "1"),
          Map.entry("hazelcast.operation.thread.count", "2"),
          Map.entry("hazelcast.operation.generic.thread.count", "2"),
          Map.entry("hazelcast.event.thread.count", "1"),
          Map.entry("hazelcast.event.queue.capacity", "10000"),
          Map.entry("hazelcast.wait.seconds.before.join", "0"));

  /// What a serialized exception of Hazelcast's consists of, besides its own classes.
  private static final String[] EXCEPTION_CLASSES = {
    "java.lang.Throwable",
    "java.lang.Exception",
    "java.lang.RuntimeException",
    "java.lang.Error",
    "java.lang.IllegalStateException",
    "java.lang.IllegalArgumentException",
    "java.lang.NullPointerException",
    "java.lang.UnsupportedOperationException",
    "java.lang.InterruptedException",
    "java.lang.StackTraceElement",
    "[Ljava.lang.StackTraceElement;",
    "java.io.IOException",
    "java.io.EOFException",
    "java.util.ArrayList",
    "java.util.Collections$EmptyList",
    "java.util.Collections$UnmodifiableList",
    "java.util.Collections$UnmodifiableCollection",
    "java.util.Collections$UnmodifiableRandomAccessList",
    "java.util.concurrent.TimeoutException",
    "java.util.concurrent.ExecutionException",
    "java.util.concurrent.CancellationException",
    "java.util.concurrent.RejectedExecutionException"
  };

  private final ClusterSettings settings;
  private final Listener listener;
  private final BlockingQueue<byte[]> outbound = new ArrayBlockingQueue<>(OUTBOUND_QUEUE_MAX);
  private final AtomicLong dropped = new AtomicLong();
  private final Thread thread;
  private volatile boolean closing;
  private volatile Set<String> present = Set.of();

  /// Called on Hazelcast's threads; must not block.
  interface Listener {
    /// A message of another member.
    void received(byte[] message);

    /// {@link MemberLink#present} is now this.
    void membersChanged(Set<String> present);
  }

  MemberLink(ClusterSettings settings, Listener listener) {
    this.settings = settings;
    this.listener = listener;
    this.thread =
        Thread.ofPlatform()
            .name("cluster-" + settings.self().name())
            .daemon(true)
            .unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /// Queues a message for all other members; never blocks.
  void send(byte[] message) {
    while (!outbound.offer(message)) {
      if (outbound.poll() != null) {
        dropped.incrementAndGet();
      }
    }
  }

  /// Names of the members that Hazelcast sees now, this one included. A hint for people: votes are
  /// judged by their age alone.
  Set<String> present() {
    return present;
  }

  /// Messages dropped because the network could not keep up.
  long droppedCount() {
    return dropped.get();
  }

  /// Joins and sends; whatever goes wrong, leaves and joins again after a while.
  private void run() {
    long retryMillis = RETRY_MILLIS_MIN;
    try {
      while (!closing) {
        if (serve()) {
          retryMillis = RETRY_MILLIS_MIN;
        }
        synchronized (this) {
          if (!closing) {
            wait(retryMillis);
          }
        }
        retryMillis = Math.min(2 * retryMillis, RETRY_MILLIS_MAX);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Returns when the link is closed or broken; true if it had joined.
  private boolean serve() throws InterruptedException {
    HazelcastInstance instance = null;
    boolean joined = false;
    try {
      instance = Hazelcast.newHazelcastInstance(config());
      ITopic<byte[]> topic = subscribe(instance);
      joined = true;
      LOGGER.log(
          Level.INFO,
          "cluster ''{0}'': joined as ''{1}'', members {2}",
          settings.name(),
          settings.self().name(),
          present);
      sendUntilClosed(instance, topic);
    } catch (RuntimeException e) {
      LOGGER.log(
          Level.WARNING,
          "cluster ''{0}'' {1}: {2}; this node decides by what it sees and hears, and tries again",
          settings.name(),
          joined ? "was lost" : "could not be joined",
          e.getMessage());
    } finally {
      setPresent(Set.of());
      if (instance != null) {
        // At once: peers must see this node's votes grow old, not wait for a goodbye.
        instance.getLifecycleService().terminate();
      }
    }
    return joined;
  }

  private ITopic<byte[]> subscribe(HazelcastInstance instance) {
    instance
        .getCluster()
        .addMembershipListener(
            new MembershipListener() {
              @Override
              public void memberAdded(MembershipEvent event) {
                changed("joined", event);
              }

              @Override
              public void memberRemoved(MembershipEvent event) {
                changed("left", event);
              }
            });
    setPresent(names(instance.getCluster().getMembers()));
    ITopic<byte[]> topic = instance.getTopic(TOPIC);
    topic.addMessageListener(
        message -> {
          Member from = message.getPublishingMember();
          if (from == null || !from.localMember()) {
            listener.received(message.getMessageObject());
          }
        });
    return topic;
  }

  private void changed(String what, MembershipEvent event) {
    setPresent(names(event.getMembers()));
    LOGGER.log(
        Level.INFO,
        "cluster ''{0}'': ''{1}'' {2}, members {3}",
        settings.name(),
        name(event.getMember()),
        what,
        present);
  }

  private void setPresent(Set<String> names) {
    present = names;
    listener.membersChanged(names);
  }

  private static Set<String> names(Set<Member> members) {
    Set<String> names = new TreeSet<>();
    for (Member member : members) {
      names.add(name(member));
    }
    return Set.copyOf(names);
  }

  private static String name(Member member) {
    String name = member.getAttribute(NAME_ATTRIBUTE);
    return name == null ? member.getAddress().toString() : name;
  }

  private void sendUntilClosed(HazelcastInstance instance, ITopic<byte[]> topic)
      throws InterruptedException {
    while (!closing && instance.getLifecycleService().isRunning()) {
      byte[] message = outbound.poll(1, TimeUnit.SECONDS);
      if (message == null || message.length == 0) {
        continue;
      }
      try {
        topic.publish(message);
      } catch (RuntimeException e) {
        dropped.incrementAndGet();
        LOGGER.log(Level.DEBUG, "a message was not sent", e);
      }
    }
  }

  private Config config() {
    Config config = new Config();
    config.setClusterName(settings.name());
    config.setInstanceName(null);
    config.getJetConfig().setEnabled(false);
    config.getMetricsConfig().setEnabled(false);
    PROPERTIES.forEach(config::setProperty);
    // Bound to exactly this address, also to one of 127.0.0.0/8 that no interface lists.
    config.setProperty("hazelcast.local.localAddress", settings.self().address().toString());
    config.getMemberAttributeConfig().setAttribute(NAME_ATTRIBUTE, settings.self().name());
    ServerSocketEndpointConfig endpoint = new ServerSocketEndpointConfig();
    endpoint.setPort(settings.self().port());
    endpoint.setPortAutoIncrement(false);
    endpoint.setPublicAddress(settings.self().address() + ":" + settings.self().port());
    AdvancedNetworkConfig network = config.getAdvancedNetworkConfig();
    network.setEnabled(true);
    // Members only: with the default endpoint any client that knows the cluster's name may write.
    network.setMemberEndpointConfig(endpoint);
    network.getJoin().getMulticastConfig().setEnabled(false);
    network.getJoin().getAutoDetectionConfig().setEnabled(false);
    network.getJoin().getTcpIpConfig().setEnabled(true);
    for (ClusterSettings.Member member : settings.members()) {
      network.getJoin().getTcpIpConfig().addMember(member.address() + ":" + member.port());
    }
    // Votes are byte arrays; what Hazelcast itself serializes with Java is its own exceptions.
    JavaSerializationFilterConfig filter = new JavaSerializationFilterConfig();
    filter.setDefaultsDisabled(true);
    filter.getWhitelist().addPrefixes("com.hazelcast.").addClasses(EXCEPTION_CLASSES);
    config.getSerializationConfig().setJavaSerializationFilterConfig(filter);
    config.addTopicConfig(new TopicConfig(TOPIC).setStatisticsEnabled(false));
    return config;
  }

  @Override
  public void close() {
    synchronized (this) {
      closing = true;
      notifyAll();
    }
    send(WAKE_UP);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
