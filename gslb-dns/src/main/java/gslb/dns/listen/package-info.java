/// The sockets of the authoritative server: UDP and TCP listeners around one {@link
/// gslb.dns.listen.Answerer}.
///
/// Threads: one platform thread per UDP socket (`udp-<port>-<n>`), which owns its buffers, its
/// scratch space and its counters and hands nothing to anyone; one platform thread per TCP socket
/// that accepts (`tcp-<port>-<n>`), a virtual thread per connection, and one platform thread that
/// closes connections past their deadline (`tcp-deadlines`). A descriptor in use is closed by its
/// own thread (UDP) or through the channel (TCP).
///
/// RFC 1035 §4.2, RFC 7766, RFC 9210.
@NullMarked
package gslb.dns.listen;

import org.jspecify.annotations.NullMarked;
