package gslb.dns;

/// The COOKIE option of a query (RFC 7873) and the server cookie that answers it (RFC 9018). Owned
/// by one thread, which reuses it.
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +---------------------------------------------------------------+
/// |                    client cookie, 8 octets                    |
/// |                                                               |
/// +---------------+-----------------------------------------------+
/// |  version, 1   |                 reserved, 0                   |
/// +---------------+-----------------------------------------------+
/// |       timestamp, seconds, in serial number arithmetic         |
/// +---------------------------------------------------------------+
/// |     SipHash-2-4 of all of the above and the client's address  |
/// |                                                               |
/// +---------------------------------------------------------------+
/// ```
///
/// | clause | here |
/// |---|---|
/// | RFC 7873 §5.2 | the first of several counts |
/// | RFC 7873 §5.2.1 | no option in the query, none in the reply |
/// | RFC 7873 §5.2.2 | data of 8 or of 16 to 40 octets, else FORMERR |
/// | RFC 7873 §5.2.3 | a client cookie alone: answered, with a server cookie |
/// | RFC 7873 §5.2.4 | a server cookie that is not good is as good as none |
/// | RFC 7873 §5.2.5 | a good one exempts from the rate limit ({@link RateLimiter}) |
/// | RFC 9018 §4.3 | good for 1 hour, or up to 5 minutes before its time; renewed after 30 minutes
/// |
/// | RFC 9018 §4.4 | the hash covers the reserved octets, whatever they are |
/// | RFC 9018 §5 | every secret's cookies are good; those of another than the first are renewed |
///
/// The transport makes no difference here: a TCP connection proves the address as well, but a
/// cookie learned over TCP serves over UDP.
final class Cookie {
  static final int OPTION_CODE = 10;

  /// What the option of a query is worth.
  enum State {
    /// There is none, or it is ignored because there are no secrets.
    NONE,
    /// A client cookie without a server cookie.
    CLIENT_ONLY,
    /// A server cookie that is not ours, of another client, or of another time.
    INVALID,
    /// A server cookie of ours: the client has the address that it says it has.
    VALID
  }

  private static final int CLIENT_LENGTH = 8;
  private static final int SERVER_LENGTH = 16;

  /// Octets of the option's data in a reply.
  private static final int LENGTH = CLIENT_LENGTH + SERVER_LENGTH;

  /// Octets of the option's data in a query with a server cookie of whatever kind.
  private static final int SHORTEST = 16;

  private static final int LONGEST = 40;

  /// Octets of the data that go into the hash as they are.
  private static final int HASH_OFFSET = 16;

  private static final int VERSION = 1;
  private static final int TIMESTAMP_OFFSET = 12;

  // RFC 9018 §4.3, in seconds.
  private static final int GOOD_FOR = 3_600;
  private static final int GOOD_BEFORE = 300;
  private static final int RENEWED_AFTER = 1_800;

  private State state = State.NONE;

  /// Length of the option's data in the query, or -1 if there is none.
  private int length;

  /// Where the option's data is in the query.
  private int at;

  /// What is hashed: client cookie, version, reserved octets, timestamp, address.
  private final byte[] input = new byte[HASH_OFFSET + 16];

  /// The option's data in the reply.
  private final byte[] reply = new byte[LENGTH];

  void reset() {
    length = -1;
    state = State.NONE;
  }

  /// Whether a well-formed option was read.
  boolean isPresent() {
    return length >= 0;
  }

  /// What {@link #judge} found.
  State state() {
    return state;
  }

  /// Reads the option's data.
  ///
  /// @return false if it is malformed
  boolean read(int at, int length) {
    if (isPresent()) {
      return true;
    }
    if (length != CLIENT_LENGTH && (length < SHORTEST || length > LONGEST)) {
      return false;
    }
    this.at = at;
    this.length = length;
    return true;
  }

  /// Checks the server cookie if there is one, and makes that of the reply. The option must have
  /// been read, and there must be a secret.
  void judge(byte[] in, CookieSecrets secrets, QueryContext context) {
    int now = (int) (context.nowMillis / 1000);
    int inputLength = HASH_OFFSET + putAddress(context);
    System.arraycopy(in, at, input, 0, CLIENT_LENGTH);
    state = length == CLIENT_LENGTH ? State.CLIENT_ONLY : State.INVALID;
    if (length == LENGTH && in[at + CLIENT_LENGTH] == VERSION) {
      System.arraycopy(in, at, input, 0, HASH_OFFSET);
      // RFC 9018 §4.3, RFC 1982 §3.2: the difference is right across the wrap of 2106.
      int age = now - timestamp(in, at);
      int secret = age > GOOD_FOR || age < -GOOD_BEFORE ? -1 : secret(in, secrets, inputLength);
      if (secret >= 0) {
        state = State.VALID;
      }
      if (secret == 0 && age <= RENEWED_AFTER && hasNothingReserved(in)) {
        System.arraycopy(in, at, reply, 0, LENGTH);
        return;
      }
    }
    input[CLIENT_LENGTH] = VERSION;
    Wire.putU32(input, TIMESTAMP_OFFSET, now);
    // The reserved octets and half of the version's word.
    input[CLIENT_LENGTH + 1] = 0;
    Wire.putU16(input, CLIENT_LENGTH + 2, 0);
    System.arraycopy(input, 0, reply, 0, HASH_OFFSET);
    SipHash.put(reply, HASH_OFFSET, hash(secrets, 0, inputLength));
  }

  private int putAddress(QueryContext context) {
    if (context.clientIsV4) {
      Wire.putU32(input, HASH_OFFSET, (int) context.clientLow);
      return 4;
    }
    Wire.putU32(input, HASH_OFFSET, (int) (context.clientHigh >>> 32));
    Wire.putU32(input, HASH_OFFSET + 4, (int) context.clientHigh);
    Wire.putU32(input, HASH_OFFSET + 8, (int) (context.clientLow >>> 32));
    Wire.putU32(input, HASH_OFFSET + 12, (int) context.clientLow);
    return 16;
  }

  private static int timestamp(byte[] in, int at) {
    return Wire.u16(in, at + TIMESTAMP_OFFSET) << 16 | Wire.u16(in, at + TIMESTAMP_OFFSET + 2);
  }

  /// The secret that the server cookie was made with, or -1.
  private int secret(byte[] in, CookieSecrets secrets, int inputLength) {
    long given = SipHash.get(in, at + HASH_OFFSET);
    for (int i = 0; i < secrets.count(); i++) {
      if (hash(secrets, i, inputLength) == given) {
        return i;
      }
    }
    return -1;
  }

  private long hash(CookieSecrets secrets, int secret, int inputLength) {
    return SipHash.hash(input, inputLength, secrets.key0(secret), secrets.key1(secret));
  }

  private boolean hasNothingReserved(byte[] in) {
    return in[at + CLIENT_LENGTH + 1] == 0 && Wire.u16(in, at + CLIENT_LENGTH + 2) == 0;
  }

  /// Octets of the option in the reply, code and length included.
  int replyLength() {
    return isPresent() ? Edns.OPTION_HEAD_LENGTH + LENGTH : 0;
  }

  /// Writes the reply's option, if it has one.
  ///
  /// @return the offset behind it
  int write(byte[] out, int to) {
    if (!isPresent()) {
      return to;
    }
    Wire.putU16(out, to, OPTION_CODE);
    Wire.putU16(out, to + 2, LENGTH);
    System.arraycopy(reply, 0, out, to + Edns.OPTION_HEAD_LENGTH, LENGTH);
    return to + Edns.OPTION_HEAD_LENGTH + LENGTH;
  }
}
