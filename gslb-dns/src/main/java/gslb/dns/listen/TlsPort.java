package gslb.dns.listen;

import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/// What the TLS connections of a server share (RFC 7858).
///
/// @param contexts read for each connection, so that a renewed certificate is taken
/// @param handshakes held while the processor works for a handshake, so that however many clients
///     begin one, half of the processors are left for answers
record TlsPort(Supplier<SSLContext> contexts, Semaphore handshakes) {
  /// RFC 8446, and RFC 5246 for resolvers that have nothing newer.
  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  /// IANA's name for DNS over TLS; a client that offers only others is refused (RFC 7301 §3.2).
  private static final String[] APPLICATION_PROTOCOLS = {"dot"};

  TlsPort(Supplier<SSLContext> contexts) {
    this(contexts, new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() / 2)));
  }

  SSLEngine newEngine() {
    SSLEngine engine = contexts.get().createSSLEngine();
    engine.setUseClientMode(false);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(PROTOCOLS);
    parameters.setApplicationProtocols(APPLICATION_PROTOCOLS);
    parameters.setUseCipherSuitesOrder(true);
    engine.setSSLParameters(parameters);
    return engine;
  }
}
