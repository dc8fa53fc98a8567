package gslb.cluster;

import gslb.health.VoteBus;
import gslb.health.VoteMessage;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The votes of a cluster over Hazelcast: each message is encoded, authenticated and sent to every
/// other member; what comes in and is not a configured member's is counted and dropped.
///
/// Threads: `listen`, then `start`, then any; {@link #publish} by one thread.
public final class ClusterVoteBus implements VoteBus, AutoCloseable {
  private final ClusterSettings settings;
  private final Set<String> others;
  private final Envelope envelope;
  private final MemberLink link;
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong received = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private volatile @Nullable Listener listener;

  public ClusterVoteBus(ClusterSettings settings) {
    this.settings = settings;
    this.others =
        settings.members().stream()
            .map(ClusterSettings.Member::name)
            .filter(name -> !name.equals(settings.self().name()))
            .collect(Collectors.toUnmodifiableSet());
    this.envelope = new Envelope(settings.name(), settings.secret());
    this.link =
        new MemberLink(
            settings,
            new MemberLink.Listener() {
              @Override
              public void received(byte[] message) {
                receive(message);
              }

              @Override
              public void membersChanged(Set<String> present) {
                tellPeers(present);
              }
            });
  }

  @Override
  public void listen(Listener listener) {
    this.listener = listener;
  }

  /// Begins to join, in the background; tries again until it succeeds.
  public void start() {
    link.start();
  }

  @Override
  public void publish(VoteMessage message) {
    link.send(envelope.seal(VoteCodec.encode(message)));
    sent.incrementAndGet();
  }

  /// The members that are connected now, this one included; empty before the join.
  public Set<String> present() {
    return link.present();
  }

  public long sentCount() {
    return sent.get();
  }

  public long receivedCount() {
    return received.get();
  }

  /// Messages that were not authentic, not well-formed or not from a configured member.
  public long refusedCount() {
    return refused.get();
  }

  /// Messages that were dropped because the network did not keep up.
  public long droppedCount() {
    return link.droppedCount();
  }

  private void receive(byte[] message) {
    Optional<VoteMessage> decoded = envelope.open(message).flatMap(VoteCodec::decode);
    Listener told = listener;
    if (told == null || decoded.isEmpty() || !others.contains(decoded.get().origin())) {
      refused.incrementAndGet();
      return;
    }
    received.incrementAndGet();
    told.received(decoded.get());
  }

  private void tellPeers(Set<String> present) {
    Listener told = listener;
    if (told != null) {
      Set<String> peers = new HashSet<>(present);
      peers.retainAll(others);
      told.peersChanged(Set.copyOf(peers));
    }
  }

  /// Leaves the cluster; what is queued is lost.
  @Override
  public void close() {
    link.close();
  }

  @Override
  public String toString() {
    return "ClusterVoteBus[" + settings.self().name() + " of " + settings.name() + "]";
  }
}
