package gslb.trials.script;

import java.io.IOException;

/// How the queries of a script reach the responder.
interface Way extends AutoCloseable {
  /// @param message the octets to send
  /// @param expectsSilence whether to be sure of silence soon, rather than to wait long for a reply
  /// @return the reply, or nothing for silence
  /// @throws IOException if the transport fails
  byte[] ask(Query query, byte[] message, Over over, boolean expectsSilence) throws IOException;

  /// @return status and Location
  /// @throws IOException if the transport fails
  String get(Http request) throws IOException;

  @Override
  void close();
}
