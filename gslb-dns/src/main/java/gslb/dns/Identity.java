package gslb.dns;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// What the server says of itself when asked; an empty text is not said.
///
/// @param nsid content of the NSID option (RFC 5001), UTF-8, at most {@link #TEXT_LENGTH_MAX}
/// octets
/// @param version answer to `version.bind` and `version.server` in class CHAOS (RFC 4892)
/// @param server answer to `id.server` and `hostname.bind` in class CHAOS (RFC 4892)
public record Identity(String nsid, String version, String server) {
  /// Octets of each text.
  public static final int TEXT_LENGTH_MAX = 128;

  /// Says nothing.
  public static final Identity NONE = new Identity("", "", "");

  /// @throws IllegalArgumentException if a text is longer than {@link #TEXT_LENGTH_MAX} octets
  public Identity {
    for (String text : List.of(nsid, version, server)) {
      if (text.getBytes(StandardCharsets.UTF_8).length > TEXT_LENGTH_MAX) {
        throw new IllegalArgumentException(
            "'" + text + "' is longer than " + TEXT_LENGTH_MAX + " octets");
      }
    }
  }
}
