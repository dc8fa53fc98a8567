package gslb.trials.script;

import gslb.base.SourceSpan;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;

/// The words of one line, taken from the left. What stands in double quotes is one word.
final class Words {
  private final SourceSpan where;
  private final Deque<String> left;

  Words(SourceSpan where, String text) {
    this.where = where;
    this.left = new ArrayDeque<>(split(where, text));
  }

  private static List<String> split(SourceSpan where, String text) {
    List<String> words = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == ' ') {
        at++;
        continue;
      }
      int end;
      if (c == '"') {
        end = text.indexOf('"', at + 1);
        if (end < 0) {
          throw new ScriptError(where, "a quote is not closed", "");
        }
        words.add(text.substring(at + 1, end));
        at = end + 1;
      } else {
        end = text.indexOf(' ', at);
        end = end < 0 ? text.length() : end;
        words.add(text.substring(at, end));
        at = end;
      }
    }
    return words;
  }

  SourceSpan where() {
    return where;
  }

  boolean isEmpty() {
    return left.isEmpty();
  }

  String peek() {
    return left.isEmpty() ? "" : left.peek();
  }

  /// @param what is expected, for the message
  String next(String what) {
    if (left.isEmpty()) {
      throw error("the line ends where " + what + " must stand", "");
    }
    return left.remove();
  }

  /// Takes the next word if it is this one.
  boolean takes(String word) {
    if (!word.equals(left.peek())) {
      return false;
    }
    left.remove();
    return true;
  }

  int number(String what, int most) {
    return number(next(what), what, most);
  }

  int number(String word, String what, int most) {
    try {
      int number = Integer.decode(word);
      if (number >= 0 && number <= most) {
        return number;
      }
    } catch (NumberFormatException _) {
      // the message below says it
    }
    throw error("'" + word + "' is no " + what, "it is a number from 0 to " + most);
  }

  byte[] hex(String word) {
    try {
      return HexFormat.of().parseHex(word);
    } catch (IllegalArgumentException _) {
      throw error("'" + word + "' is not hexadecimal", "two digits are one octet");
    }
  }

  void end() {
    if (!left.isEmpty()) {
      throw error("'" + left.peek() + "' is one word too many", "");
    }
  }

  ScriptError error(String problem, String rule) {
    return new ScriptError(where, problem, rule);
  }
}
