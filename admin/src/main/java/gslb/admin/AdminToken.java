package gslb.admin;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/// The secret that lets a local program use the API: 32 random bytes, in hexadecimal. Its text form
/// does not show it.
public final class AdminToken {
  /// Hexadecimal digits.
  public static final int LENGTH = 64;

  private static final String SCHEME = "Bearer ";

  private final byte[] secret;

  private AdminToken(byte[] secret) {
    this.secret = secret;
  }

  /// Reads {@link #LENGTH} lower-case hexadecimal digits; empty if the text is anything else.
  public static Optional<AdminToken> parse(String text) {
    boolean isHex = text.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f');
    return text.length() == LENGTH && isHex
        ? Optional.of(new AdminToken(text.getBytes(StandardCharsets.US_ASCII)))
        : Optional.empty();
  }

  /// Whether an Authorization header carries this token (RFC 6750 §2.1). How long it takes does not
  /// depend on how much of it is right.
  boolean isIn(String authorization) {
    return authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        && MessageDigest.isEqual(
            secret,
            authorization.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8));
  }

  String authorization() {
    return SCHEME + new String(secret, StandardCharsets.US_ASCII);
  }

  @Override
  public String toString() {
    return "AdminToken[hidden]";
  }
}
