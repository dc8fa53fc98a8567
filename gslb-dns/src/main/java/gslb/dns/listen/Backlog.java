package gslb.dns.listen;

/// Sees to it that dropping stale datagrams never ends in answering nobody. Belongs to the thread
/// that serves the socket.
///
/// To receive a datagram and drop it costs a good part of what an answer costs. A thread that gets
/// so little of the processor that it cannot even drop a full receive buffer within {@link
/// UdpSocket#AGE_MAX} would find everything stale for good; so it answers a batch now and then,
/// however late.
final class Backlog {
  /// Batches that may be stale as a whole, one after the other; the next one is answered.
  private static final int STALE_BATCHES_MAX = 7;

  private int staleBatches;

  /// Whether the next batch is to be answered whatever its age.
  boolean isDue() {
    return staleBatches == STALE_BATCHES_MAX;
  }

  /// @param wasStale whether every datagram of the batch was dropped for its age
  void served(boolean wasStale) {
    staleBatches = wasStale ? staleBatches + 1 : 0;
  }
}
