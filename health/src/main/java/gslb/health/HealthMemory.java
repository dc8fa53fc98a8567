package gslb.health;

import gslb.steering.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/// What a node remembers of its verdicts over a restart.
///
/// As bytes it is ASCII text: a line `gslb-health 1`, `saved MILLIS`, `epoch N`, one
/// `target KEY VERDICT OPINION` each, and `end COUNT CHECKSUM`, where the checksum is the CRC-32C
/// of all lines before in hexadecimal.
///
/// @param savedAtMillis wall-clock time; 0 if nothing was ever saved
/// @param epoch of the run that saved it; the next run takes a higher one
public record HealthMemory(long savedAtMillis, long epoch, List<Remembered> targets) {
  /// Verdicts older than this are not started from.
  public static final Duration AGE_MAX = Duration.ofHours(1);

  /// How far in the future a memory may be dated, for a clock that was set back a little.
  public static final Duration FUTURE_MAX = Duration.ofMinutes(1);

  public static final HealthMemory NONE = new HealthMemory(0, 0, List.of());

  private static final String FIRST_LINE = "gslb-health 1";

  public HealthMemory {
    targets = List.copyOf(targets);
  }

  /// @param verdict the cluster's
  /// @param opinion this node's own; UNKNOWN if it had none
  public record Remembered(TargetKey target, Verdict verdict, Verdict opinion) {}

  /// Whether a node that starts now begins from these verdicts.
  public boolean isUsable(long nowMillis) {
    long age = nowMillis - savedAtMillis;
    return age >= -FUTURE_MAX.toMillis() && age < AGE_MAX.toMillis();
  }

  public byte[] encode() {
    StringBuilder text = new StringBuilder(64 + targets.size() * 48);
    text.append(FIRST_LINE).append('\n');
    text.append("saved ").append(savedAtMillis).append('\n');
    text.append("epoch ").append(epoch).append('\n');
    for (Remembered one : targets) {
      text.append("target ").append(one.target).append(' ').append(one.verdict);
      text.append(' ').append(one.opinion).append('\n');
    }
    String checksum = checksum(text.toString());
    text.append("end ").append(targets.size()).append(' ').append(checksum).append('\n');
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static String checksum(String text) {
    CRC32C crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.US_ASCII));
    return Long.toHexString(crc.getValue());
  }

  /// Reads what {@link #encode} wrote. Anything else is {@link #NONE}, after a warning: a node
  /// starts without memory rather than from half of one.
  public static HealthMemory decode(byte[] bytes, Consumer<String> warning) {
    Optional<HealthMemory> memory =
        bytes.length > 0 && bytes[bytes.length - 1] == '\n'
            ? parse(new String(bytes, StandardCharsets.ISO_8859_1))
            : Optional.empty();
    if (memory.isEmpty()) {
      warning.accept(
          "remembered verdicts are damaged ("
              + bytes.length
              + " bytes); they are ignored, and every verdict begins unknown");
    }
    return memory.orElse(NONE);
  }

  private static Optional<HealthMemory> parse(String text) {
    int endAt = text.lastIndexOf("\nend ") + 1;
    if (endAt == 0) {
      return Optional.empty();
    }
    List<String> lines = text.substring(0, endAt).lines().toList();
    String end = "end " + (lines.size() - 3) + " " + checksum(text.substring(0, endAt)) + "\n";
    if (lines.size() < 3
        || lines.size() - 3 > VoteMessage.Digest.VOTES_MAX
        || !lines.getFirst().equals(FIRST_LINE)
        || !text.substring(endAt).equals(end)) {
      return Optional.empty();
    }
    Optional<Long> saved = number(lines.get(1), "saved ");
    Optional<Long> epoch = number(lines.get(2), "epoch ");
    List<Remembered> targets = new ArrayList<>();
    for (String line : lines.subList(3, lines.size())) {
      remembered(line).ifPresent(targets::add);
    }
    if (saved.isEmpty() || epoch.isEmpty() || targets.size() != lines.size() - 3) {
      return Optional.empty();
    }
    return Optional.of(new HealthMemory(saved.get(), epoch.get(), targets));
  }

  private static Optional<Long> number(String line, String prefix) {
    if (!line.startsWith(prefix)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Long.parseLong(line.substring(prefix.length())));
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }

  private static Optional<Remembered> remembered(String line) {
    String[] words = line.split(" ", -1);
    if (words.length != 4 || !words[0].equals("target")) {
      return Optional.empty();
    }
    Optional<Verdict> verdict = verdict(words[2]);
    Optional<Verdict> opinion = verdict(words[3]);
    Optional<TargetKey> key = TargetKey.parse(words[1]);
    if (key.isEmpty() || verdict.isEmpty() || opinion.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new Remembered(key.get(), verdict.get(), opinion.get()));
  }

  private static Optional<Verdict> verdict(String word) {
    for (Verdict verdict : Verdict.values()) {
      if (verdict.name().equals(word)) {
        return Optional.of(verdict);
      }
    }
    return Optional.empty();
  }
}
