package gslb.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import gslb.health.TargetKey;
import gslb.health.Vote;
import gslb.health.VoteMessage;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The wire form of a {@link VoteMessage}, big-endian:
///
/// | bytes | content |
/// |---|---|
/// | 1 | version of this form, 1 |
/// | 1 | 1 transition, 2 digest |
/// | 1, n | length of the origin's name, the name in UTF-8 |
/// | 8 | epoch |
/// | 8 | sequence |
/// | 4 | number of votes; 1 in a transition |
/// | 23 each | target 16, up 1, remaining 2, due in milliseconds 4 |
///
/// Whatever does not have exactly this form is no message.
final class VoteCodec {
  /// Octets of the longest name of an origin.
  static final int ORIGIN_LENGTH_MAX = 255;

  private static final byte VERSION = 1;
  private static final byte TRANSITION = 1;
  private static final byte DIGEST = 2;
  private static final int HEAD_LENGTH = 2 + 1 + 8 + 8 + 4;
  private static final int VOTE_LENGTH = TargetKey.LENGTH + 1 + 2 + 4;

  private VoteCodec() {}

  /// @throws IllegalArgumentException if the origin's name is longer than {@link
  /// #ORIGIN_LENGTH_MAX}
  static byte[] encode(VoteMessage message) {
    List<Vote> votes =
        switch (message) {
          case VoteMessage.Transition transition -> List.of(transition.vote());
          case VoteMessage.Digest digest -> digest.votes();
        };
    byte kind =
        switch (message) {
          case VoteMessage.Transition _ -> TRANSITION;
          case VoteMessage.Digest _ -> DIGEST;
        };
    byte[] origin = message.origin().getBytes(UTF_8);
    if (origin.length > ORIGIN_LENGTH_MAX) {
      throw new IllegalArgumentException("a name of " + origin.length + " octets");
    }
    ByteBuffer bytes =
        ByteBuffer.allocate(HEAD_LENGTH + origin.length + votes.size() * VOTE_LENGTH);
    bytes.put(VERSION).put(kind).put((byte) origin.length).put(origin);
    bytes.putLong(message.epoch()).putLong(message.sequence()).putInt(votes.size());
    for (Vote vote : votes) {
      bytes.putLong(vote.target().high()).putLong(vote.target().low());
      bytes.put((byte) (vote.up() ? 1 : 0)).putShort((short) vote.remaining());
      bytes.putInt(vote.dueMillis());
    }
    return bytes.array();
  }

  static Optional<VoteMessage> decode(byte[] message) {
    ByteBuffer bytes = ByteBuffer.wrap(message);
    if (message.length < HEAD_LENGTH || bytes.get() != VERSION) {
      return Optional.empty();
    }
    byte kind = bytes.get();
    int originLength = bytes.get() & 0xff;
    if (message.length < HEAD_LENGTH + originLength) {
      return Optional.empty();
    }
    Optional<String> origin = text(bytes.slice(bytes.position(), originLength));
    bytes.position(bytes.position() + originLength);
    long epoch = bytes.getLong();
    long sequence = bytes.getLong();
    int count = bytes.getInt();
    if (origin.isEmpty()
        || count < 0
        || count > VoteMessage.Digest.VOTES_MAX
        || bytes.remaining() != count * VOTE_LENGTH) {
      return Optional.empty();
    }
    List<Vote> votes = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      TargetKey target = new TargetKey(bytes.getLong(), bytes.getLong());
      byte up = bytes.get();
      int remaining = bytes.getShort() & 0xffff;
      int dueMillis = bytes.getInt();
      if (up < 0 || up > 1 || remaining == 0 || dueMillis < 0) {
        return Optional.empty();
      }
      votes.add(new Vote(target, up == 1, remaining, dueMillis));
    }
    return switch (kind) {
      case TRANSITION ->
          count == 1
              ? Optional.of(
                  new VoteMessage.Transition(origin.get(), epoch, sequence, votes.getFirst()))
              : Optional.empty();
      case DIGEST -> Optional.of(new VoteMessage.Digest(origin.get(), epoch, sequence, votes));
      default -> Optional.empty();
    };
  }

  private static Optional<String> text(ByteBuffer bytes) {
    try {
      CharBuffer text =
          UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(bytes);
      return Optional.of(text.toString());
    } catch (CharacterCodingException _) {
      return Optional.empty();
    }
  }
}
