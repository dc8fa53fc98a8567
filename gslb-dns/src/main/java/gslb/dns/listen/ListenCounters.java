package gslb.dns.listen;

import gslb.base.CounterBlock;
import gslb.base.Counters;
import java.util.List;

/// What the listeners count. Received = answered by silence or reply + dropped; a reply is sent or
/// a send error.
final class ListenCounters {
  static final int UDP_RECEIVED = 0;
  static final int UDP_SENT = 1;
  static final int UDP_SEND_ERRORS = 2;
  static final int UDP_RECEIVE_ERRORS = 3;

  /// Datagrams from source port 0, from the socket's own address and port, or from an address that
  /// no host has.
  static final int UDP_DROPPED_SOURCE = 4;

  /// Datagrams shorter than a DNS header.
  static final int UDP_DROPPED_SHORT = 5;

  /// Datagrams longer than {@link UdpSocket#QUERY_LENGTH_MAX}.
  static final int UDP_DROPPED_LONG = 6;

  /// Replies longer than {@link UdpSocket#REPLY_LENGTH_MAX}.
  static final int UDP_DROPPED_REPLY = 7;

  /// UDP sockets given up after a fatal error.
  static final int UDP_LISTENERS_LOST = 8;

  /// Connections admitted.
  static final int TCP_CONNECTIONS = 9;

  static final int TCP_QUERIES = 10;

  /// Connections closed because no query came in time.
  static final int TCP_CLOSED_IDLE = 11;

  /// Connections closed because a started query was not complete in time.
  static final int TCP_CLOSED_SLOW_QUERY = 12;

  /// Connections closed because the client did not take its replies in time.
  static final int TCP_CLOSED_UNREAD_REPLY = 13;

  /// Connections closed because a message was shorter than a DNS header.
  static final int TCP_CLOSED_MALFORMED = 14;

  /// Connections closed to make room for a new one.
  static final int TCP_CLOSED_EVICTED = 15;

  /// Connections refused because their client has its share already.
  static final int TCP_REFUSED_CLIENT = 16;

  /// Connections refused because the table is full of busy ones.
  static final int TCP_REFUSED_FULL = 17;

  static final int TCP_ACCEPT_ERRORS = 18;

  /// Queries and connections that ended in an exception.
  static final int ANSWER_FAULTS = 19;

  /// Datagrams from a trusted proxy without a well-formed PROXY header.
  static final int UDP_DROPPED_PROXY = 20;

  /// Connections of a trusted proxy closed because they did not begin with a well-formed header.
  static final int TCP_CLOSED_PROXY = 21;

  /// Connections closed because PROXY header and TLS handshake were not complete in time.
  static final int TCP_CLOSED_OPENING = 22;

  /// Connections closed because they had been open for as long as one may be.
  static final int TCP_CLOSED_LIFE = 23;

  /// Connections closed because no buffer space was left for a long message.
  static final int TCP_CLOSED_MEMORY = 24;

  /// Completed TLS handshakes.
  static final int TLS_CONNECTIONS = 25;

  /// TLS handshakes that failed, or that the client left.
  static final int TLS_HANDSHAKE_ERRORS = 26;

  /// TLS connections closed because the client broke the protocol after the handshake.
  static final int TLS_ERRORS = 27;

  /// Datagrams that waited longer than {@link UdpSocket#AGE_MAX}.
  static final int UDP_DROPPED_STALE = 28;

  /// How many there are.
  static final int COUNT = 29;

  private static final List<String> NAMES =
      List.of(
          "gslb_dns_udp_received_total",
          "gslb_dns_udp_sent_total",
          "gslb_dns_udp_send_errors_total",
          "gslb_dns_udp_receive_errors_total",
          "gslb_dns_udp_dropped_source_total",
          "gslb_dns_udp_dropped_short_total",
          "gslb_dns_udp_dropped_long_total",
          "gslb_dns_udp_dropped_reply_total",
          "gslb_dns_udp_listeners_lost_total",
          "gslb_dns_tcp_connections_total",
          "gslb_dns_tcp_queries_total",
          "gslb_dns_tcp_closed_idle_total",
          "gslb_dns_tcp_closed_slow_query_total",
          "gslb_dns_tcp_closed_unread_reply_total",
          "gslb_dns_tcp_closed_malformed_total",
          "gslb_dns_tcp_closed_evicted_total",
          "gslb_dns_tcp_refused_client_total",
          "gslb_dns_tcp_refused_full_total",
          "gslb_dns_tcp_accept_errors_total",
          "gslb_dns_answer_faults_total",
          "gslb_dns_udp_dropped_proxy_total",
          "gslb_dns_tcp_closed_proxy_total",
          "gslb_dns_tcp_closed_opening_total",
          "gslb_dns_tcp_closed_life_total",
          "gslb_dns_tcp_closed_memory_total",
          "gslb_dns_tls_connections_total",
          "gslb_dns_tls_handshake_errors_total",
          "gslb_dns_tls_errors_total",
          "gslb_dns_udp_dropped_stale_total");

  private ListenCounters() {}

  static Counters create() {
    return new Counters(NAMES);
  }

  /// A block that many threads may add to, by taking turns.
  static final class Shared {
    private final CounterBlock block;

    Shared(CounterBlock block) {
      this.block = block;
    }

    synchronized void increment(int counter) {
      block.increment(counter);
    }
  }
}
