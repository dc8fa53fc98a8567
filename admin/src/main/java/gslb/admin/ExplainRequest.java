package gslb.admin;

import gslb.base.Address;
import gslb.base.Prefix;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A question whose answer is to be explained: the parameters of `GET /api/v1/explain`, which are
/// the options of `gslb explain`.
///
/// @param name owner name, or the host of an HTTP request without its port; with or without its
///     final dot
/// @param type mnemonic of the QTYPE; without a meaning over HTTP
/// @param from the client as far as the server knows: the socket's peer, or whom a proxy names
/// @param client who asks in the end; null if only the resolver is known
/// @param subnet the client subnet that a DNS query carries; null for none
/// @param proxy the trusted proxy that the query came through; null for none
/// @param path path and query of an HTTP request
/// @param atMillis wall-clock time of the question; empty for now
/// @param down pools by name, and endpoints by address, that are taken as down
public record ExplainRequest(
    String name,
    Via via,
    String type,
    Address from,
    @Nullable Address client,
    @Nullable Prefix subnet,
    @Nullable Address proxy,
    String path,
    OptionalLong atMillis,
    List<String> down) {
  /// Pools and endpoints taken as down.
  public static final int DOWN_MAX = 64;

  /// The names of all parameters.
  public static final Set<String> PARAMETERS =
      Set.of("name", "client", "resolver", "subnet", "proxy", "via", "type", "path", "at", "down");

  /// RFC 7871 §11.1: what resolvers should send of an address.
  private static final int V4_SOURCE = 24;

  private static final int V6_SOURCE = 56;

  public ExplainRequest {
    down = List.copyOf(down);
  }

  /// How the question is asked.
  public enum Via {
    DNS,
    HTTP
  }

  /// The address that decides, and how it came to.
  public Address decides() {
    return subnet != null && subnet.length() > 0 ? subnet.address() : from;
  }

  /// Reads parameters; those that are absent have their default.
  ///
  /// @throws ExplainRefused if one is wrong, missing or does not fit the others
  public static ExplainRequest of(Map<String, String> parameters) throws ExplainRefused {
    for (String name : new TreeSet<>(parameters.keySet())) {
      if (!PARAMETERS.contains(name)) {
        throw new ExplainRefused("unknown parameter '" + clipped(name) + "'");
      }
    }
    String name = parameters.getOrDefault("name", "");
    if (name.isEmpty()) {
      throw new ExplainRefused("parameter 'name' must be given");
    }
    Via via = via(parameters.getOrDefault("via", "dns"));
    Address client = address(parameters, "client");
    Address resolver = address(parameters, "resolver");
    Address proxy = address(parameters, "proxy");
    Prefix subnet = subnet(parameters.get("subnet"), client, resolver);
    String path = parameters.getOrDefault("path", "/");
    if (via == Via.HTTP) {
      refuse(resolver != null || subnet != null, "resolver and subnet", "DNS");
      refuse(parameters.containsKey("type"), "type", "DNS");
      if (!name.chars().allMatch(ExplainRequest::isOfHost)) {
        throw new ExplainRefused(
            "name '" + clipped(name) + "' is no host; write it as www.example.org, without a port");
      }
      if (proxy != null) {
        throw new ExplainRefused(
            "the redirect tier takes the socket's peer for the client and reads no PROXY header;"
                + " give the proxy's address as client");
      }
    } else {
      refuse(parameters.containsKey("path"), "path", "HTTP");
    }
    Address from = resolver != null ? resolver : client;
    if (from == null) {
      throw new ExplainRefused(
          via == Via.HTTP
              ? "parameter 'client' must be given"
              : "one of the parameters 'client' and 'resolver' must be given");
    }
    return new ExplainRequest(
        name,
        via,
        parameters.getOrDefault("type", "A").toUpperCase(Locale.ROOT),
        from,
        client,
        subnet,
        proxy,
        path,
        at(parameters.get("at")),
        down(parameters.get("down")));
  }

  private static boolean isOfHost(int c) {
    return c < 0x80 && (Character.isLetterOrDigit(c) || c == '-' || c == '.' || c == '_');
  }

  private static void refuse(boolean isGiven, String what, String where) throws ExplainRefused {
    if (isGiven) {
      throw new ExplainRefused("only a question over " + where + " has a " + what);
    }
  }

  private static Via via(String text) throws ExplainRefused {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "dns" -> Via.DNS;
      case "http" -> Via.HTTP;
      default -> throw new ExplainRefused("via '" + clipped(text) + "' is neither dns nor http");
    };
  }

  private static @Nullable Address address(Map<String, String> parameters, String name)
      throws ExplainRefused {
    String text = parameters.get(name);
    if (text == null) {
      return null;
    }
    return Address.parse(text)
        .map(ExplainRequest::unmapped)
        .orElseThrow(() -> new ExplainRefused(name + " '" + clipped(text) + "' is not an address"));
  }

  /// As listeners show it: the IPv4 address of a mapped one (RFC 4291 §2.5.5.2).
  private static Address unmapped(Address address) {
    return !address.isV4() && address.high() == 0 && address.low() >>> 32 == 0xffff
        ? Address.v4((int) address.low())
        : address;
  }

  private static @Nullable Prefix subnet(
      @Nullable String text, @Nullable Address client, @Nullable Address resolver)
      throws ExplainRefused {
    if (text == null) {
      return client == null || resolver == null
          ? null
          : Prefix.around(client, client.isV4() ? V4_SOURCE : V6_SOURCE);
    }
    Prefix subnet =
        Prefix.parse(text)
            .orElseThrow(
                () ->
                    new ExplainRefused(
                        "subnet '"
                            + clipped(text)
                            + "' is not a prefix; write it as 198.51.100.0/24, no bit set past its"
                            + " length"));
    if (client != null && resolver != null && subnet.length() > 0 && !subnet.contains(client)) {
      throw new ExplainRefused("client " + client + " is not in subnet " + subnet);
    }
    return subnet;
  }

  private static OptionalLong at(@Nullable String text) throws ExplainRefused {
    if (text == null) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(OffsetDateTime.parse(text).toInstant().toEpochMilli());
    } catch (DateTimeException | ArithmeticException e) {
      throw new ExplainRefused(
          "at '" + clipped(text) + "' is not a time; write it as 2026-01-31T12:00:00.000Z");
    }
  }

  private static List<String> down(@Nullable String text) throws ExplainRefused {
    if (text == null) {
      return List.of();
    }
    List<String> down = Arrays.stream(text.split(",")).map(String::strip).toList();
    if (down.size() > DOWN_MAX) {
      throw new ExplainRefused("at most " + DOWN_MAX + " pools and endpoints are taken as down");
    }
    return down;
  }

  private static String clipped(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "…";
  }
}
