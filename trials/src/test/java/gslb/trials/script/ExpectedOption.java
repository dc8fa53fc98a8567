package gslb.trials.script;

import java.util.Arrays;

/// An EDNS option that a script expects.
///
/// @param text as a reply's option is shown
/// @param prefix of a cookie, the client's part; empty else
/// @param suffixLength octets that may follow the prefix; -1 where the text decides alone
@SuppressWarnings("ArrayRecordComponent")
record ExpectedOption(String text, byte[] prefix, int suffixLength) {
  /// Reads one option from the words of an `edns` line; the first of them is its name.
  static ExpectedOption read(Words words) {
    String name = words.next("an option");
    String value = words.next("what the option holds");
    return switch (name) {
      case "subnet", "keepalive", "padding" -> exact(name + " " + value);
      case "ede" -> {
        // The name of an option has no space in it, a text has.
        String text = words.isEmpty() || !words.peek().contains(" ") ? "" : words.next("the text");
        yield exact("ede " + value + (text.isEmpty() ? "" : " \"" + text + "\""));
      }
      case "nsid" -> exact("nsid \"" + value + "\"");
      case "cookie" -> cookie(words, value);
      case "option" -> {
        boolean hasContent = words.peek().matches("([0-9a-f]{2})+");
        yield exact("option " + value + (hasContent ? " " + words.next("content") : ""));
      }
      default ->
          throw words.error(
              "'" + name + "' is nothing of EDNS",
              "none, version, udp, do, flags, subnet, nsid, cookie, keepalive, padding, ede,"
                  + " option");
    };
  }

  private static ExpectedOption exact(String text) {
    return new ExpectedOption(text, new byte[0], -1);
  }

  /// `HEX`, or `HEX+16` for a server's part of that many octets.
  private static ExpectedOption cookie(Words words, String value) {
    int plus = value.indexOf('+');
    if (plus < 0) {
      return exact("cookie " + value);
    }
    byte[] client = words.hex(value.substring(0, plus));
    int length = words.number(value.substring(plus + 1), "length of the server's part", 32);
    return new ExpectedOption("cookie " + value, client, length);
  }

  boolean matches(Reply.Option got) {
    return suffixLength < 0
        ? text.equals(got.text())
        : got.code() == 10
            && got.content().length == prefix.length + suffixLength
            && Arrays.equals(Arrays.copyOf(got.content(), prefix.length), prefix);
  }
}
