/// The sockets of the authoritative server: UDP, TCP and TLS listeners around one {@link
/// gslb.dns.listen.Answerer}.
///
/// Threads: one platform thread per UDP socket (`udp-<port>-<n>`), which owns its buffers, its
/// scratch space and its counters and hands nothing to anyone; one platform thread per TCP socket
/// that accepts (`tcp-<port>-<n>`, `tls-<port>-<n>`), a virtual thread per connection, and one
/// platform thread that closes connections past their deadline (`tcp-deadlines`). A descriptor in
/// use is closed by its own thread (UDP) or through the channel (TCP).
///
/// A connection passes these stages, each with its deadline: the PROXY header if it comes from a
/// trusted proxy, the TLS handshake if its listener speaks TLS, then queries and replies. What it
/// needs of memory beyond small buffers comes from a {@link gslb.dns.listen.BufferBudget} that all
/// connections share.
///
/// RFC 1035 §4.2, RFC 7766, RFC 7828, RFC 7858, RFC 9210, PROXY protocol 1 and 2.
@NullMarked
package gslb.dns.listen;

import org.jspecify.annotations.NullMarked;
