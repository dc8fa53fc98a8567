package gslb.health;

import java.util.Set;

/// The port through which votes go to the other nodes and come from them. Nothing is promised but
/// that a message is delivered whole or not at all and that its origin is who it says: lost ones
/// are made good by the next digest.
public interface VoteBus {
  /// For a node without a cluster.
  VoteBus NONE =
      new VoteBus() {
        @Override
        public void listen(Listener listener) {}

        @Override
        public void publish(VoteMessage message) {}
      };

  /// Sets who is told of messages. Called once, before anything is published.
  void listen(Listener listener);

  /// Sends to all other nodes. Never blocks and never throws: what cannot be taken is dropped and
  /// counted by the bus. Called by one thread.
  void publish(VoteMessage message);

  /// May be called by any thread; neither method blocks. An origin's own messages may come back.
  interface Listener {
    void received(VoteMessage message);

    /// The nodes that the transport now believes to be connected, without this one. A hint: it
    /// hastens a digest to newcomers and is shown, but no vote is believed or dropped by it.
    void peersChanged(Set<String> connected);
  }
}
