package gslb.dns.listen;

import gslb.base.Clock;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/// What all connections of a listener share.
///
/// @param desks the arrays for answering; one is held while answering, never while waiting for the
///     client
/// @param proxies sources whose connections begin with a PROXY header
/// @param tls null if the listener speaks plain TCP
/// @param faults of connections, shared by all of a server
record TcpService(
    TcpConnections connections,
    BlockingQueue<AnswerDesk> desks,
    Clock clock,
    ProxySources proxies,
    @Nullable TlsPort tls,
    RepeatedFault faults) {}
