package gslb.trials.script;

import java.io.IOException;

/// How the queries of a script reach the responder.
interface Way extends AutoCloseable {
  /// @return the reply, or nothing for silence
  /// @throws IOException if the transport fails
  byte[] ask(Query query, byte[] message, Over over) throws IOException;

  /// Whether a query can be asked this way, by where it comes from and over what.
  boolean canAsk(Query query, Over over);

  @Override
  void close();
}
