package gslb.health;

import gslb.base.Address;
import gslb.base.Clock;
import gslb.health.Observation.Failure;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// Probes over the network: TCP connects and HTTP/1.1 exchanges, in clear and over TLS, with the
/// endpoint's address and never a name that would have to be looked up.
///
/// The whole probe has one deadline. A second virtual thread closes the socket when it is reached,
/// so that a server which sends a byte now and then holds nothing.
public final class NetworkProbe implements Probe {
  private static final int DETAIL_DEPTH_MAX = 8;

  private final Clock clock;
  private final String agent;
  private final TrustManager[] verifying;
  private final TrustManager[] trusting = {new TrustAll()};

  /// Trusts the certificate authorities of the JVM.
  ///
  /// @param version of this program, told in the User-Agent
  public NetworkProbe(Clock clock, String version) {
    this(clock, version, null);
  }

  /// @param anchors certificate authorities to trust, or null for those of the JVM
  /// @throws IllegalArgumentException if the anchors cannot be used
  public NetworkProbe(Clock clock, String version, @Nullable KeyStore anchors) {
    this.clock = clock;
    this.agent = "gslb/" + version;
    try {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(anchors);
      this.verifying = factory.getTrustManagers();
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("certificate authorities: " + e.getMessage(), e);
    }
  }

  private enum Phase {
    CONNECT,
    TLS,
    RESPONSE
  }

  private static final class Progress {
    Phase phase = Phase.CONNECT;
  }

  @Override
  public Observation probe(ProbeTarget target, long deadlineNanos) {
    long started = clock.nanoTime();
    Progress progress = new Progress();
    Failure failure;
    String detail;
    CountDownLatch done = new CountDownLatch(1);
    Socket socket = new Socket(Proxy.NO_PROXY);
    closeAtDeadline(socket, done, deadlineNanos);
    try {
      String success = exchange(socket, target, deadlineNanos, progress);
      return Observation.success(success, started, clock.nanoTime());
    } catch (ProbeFailure e) {
      failure = e.failure();
      detail = e.detail();
    } catch (IOException e) {
      boolean late = deadlineNanos - clock.nanoTime() <= 0 || e instanceof SocketTimeoutException;
      failure = late ? timeoutOf(progress.phase) : classify(progress.phase, e);
      detail = late ? "after " + millis(deadlineNanos - started) + " ms" : rootMessage(e);
    } finally {
      done.countDown();
      close(socket);
    }
    return Observation.failed(failure, detail, started, clock.nanoTime());
  }

  private void closeAtDeadline(Socket socket, CountDownLatch done, long deadlineNanos) {
    Thread.ofVirtual()
        .name("probe-deadline")
        .start(
            () -> {
              try {
                if (!done.await(deadlineNanos - clock.nanoTime(), TimeUnit.NANOSECONDS)) {
                  close(socket);
                }
              } catch (InterruptedException _) {
                close(socket);
              }
            });
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException _) {
      // A socket that cannot be closed has nothing left to give back.
    }
  }

  private String exchange(Socket socket, ProbeTarget target, long deadlineNanos, Progress progress)
      throws IOException, ProbeFailure {
    int port = target.monitor().port();
    long remaining = Math.max(1, millis(deadlineNanos - clock.nanoTime()));
    socket.connect(new InetSocketAddress(target.address().toInetAddress(), port), (int) remaining);
    return switch (target.monitor().check()) {
      case Monitor.Check.Tcp() -> "connected";
      case Monitor.Check.Http http -> {
        Socket connection = socket;
        if (http.tls()) {
          progress.phase = Phase.TLS;
          connection = handshake(socket, target, http);
        }
        progress.phase = Phase.RESPONSE;
        yield HttpExchange.run(
            target, http, agent, connection.getInputStream(), connection.getOutputStream());
      }
    };
  }

  private SSLSocket handshake(Socket socket, ProbeTarget target, Monitor.Check.Http http)
      throws IOException {
    String configured = http.host();
    String host = configured != null ? configured : target.address().toString();
    SSLContext context = context(http.verifyCertificate());
    SSLSocket secure =
        (SSLSocket)
            context.getSocketFactory().createSocket(socket, host, target.monitor().port(), false);
    SSLParameters parameters = secure.getSSLParameters();
    // RFC 6066 §3: a literal address is no server name.
    parameters.setServerNames(
        Address.parse(host).isPresent() ? List.of() : List.of(serverName(host)));
    if (http.verifyCertificate()) {
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
    }
    secure.setSSLParameters(parameters);
    secure.startHandshake();
    return secure;
  }

  private static SNIHostName serverName(String host) throws SSLException {
    try {
      return new SNIHostName(host);
    } catch (IllegalArgumentException e) {
      throw new SSLException("'" + host + "' cannot be a server name", e);
    }
  }

  /// A context of its own for every probe: a resumed session would not show the certificate.
  private SSLContext context(boolean verify) throws SSLException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, verify ? verifying : trusting, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new SSLException(e.getMessage(), e);
    }
  }

  private static long millis(long nanos) {
    return (nanos + 999_999) / 1_000_000;
  }

  private static Failure timeoutOf(Phase phase) {
    return switch (phase) {
      case CONNECT -> Failure.CONNECT_TIMEOUT;
      case TLS -> Failure.TLS_TIMEOUT;
      case RESPONSE -> Failure.RESPONSE_TIMEOUT;
    };
  }

  private static Failure classify(Phase phase, IOException failure) {
    return switch (phase) {
      case CONNECT -> classifyConnect(failure);
      case TLS -> classifyTls(failure);
      case RESPONSE -> Failure.RESPONSE_CLOSED;
    };
  }

  private static Failure classifyConnect(IOException failure) {
    if (failure instanceof ConnectException refused) {
      if (ConnectFailures.isRefusal(refused)) {
        return Failure.CONNECT_REFUSED;
      }
      if (ConnectFailures.isTimeout(refused)) {
        return Failure.CONNECT_TIMEOUT;
      }
    }
    return Failure.CONNECT_UNREACHABLE;
  }

  private static Failure classifyTls(IOException failure) {
    Throwable cause = failure;
    Failure found = Failure.TLS_HANDSHAKE;
    for (int depth = 0; cause != null && depth < DETAIL_DEPTH_MAX; depth++) {
      if (cause instanceof CertificateExpiredException
          || cause instanceof CertificateNotYetValidException) {
        return Failure.TLS_CERTIFICATE_EXPIRED;
      }
      if (cause instanceof CertificateException) {
        found = isNameMismatch(cause.getMessage()) ? Failure.TLS_NAME : Failure.TLS_CERTIFICATE;
      }
      cause = cause.getCause();
    }
    return found;
  }

  /// The JDK has no exception type for a name that does not match.
  private static boolean isNameMismatch(@Nullable String message) {
    return message != null
        && (message.startsWith("No name matching") || message.startsWith("No subject alternative"));
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    for (int depth = 0; depth < DETAIL_DEPTH_MAX; depth++) {
      Throwable cause = root.getCause();
      if (cause == null) {
        break;
      }
      root = cause;
    }
    String message = root.getMessage();
    return message == null ? root.getClass().getSimpleName() : message;
  }

  /// For monitors whose `verify-certificate` is off.
  private static final class TrustAll extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
