package gslb.config;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Where each key stands in YAML that has one key per line, found by indentation alone: the tests'
/// own measure, independent of the product's parser.
final class BlockLines {
  private static final Pattern KEY = Pattern.compile("^( *)(- )?([^ #:][^ :]*):(?: +(.*))?$");

  /// One key.
  ///
  /// @param path keys from the outermost to this one; an item of a list is `[]`
  /// @param line from 1
  /// @param keyColumn from 1
  /// @param valueColumn from 1; 0 if the value begins on a later line
  /// @param lastLine of the value
  record Entry(
      List<String> path,
      int line,
      int keyColumn,
      int valueColumn,
      int lastLine,
      @Nullable Entry parent,
      boolean startsItem) {
    String key() {
      return path.getLast();
    }
  }

  private final List<String> lines;
  private final List<Entry> entries = new ArrayList<>();

  BlockLines(String text) {
    lines = text.lines().toList();
    Deque<Entry> open = new ArrayDeque<>();
    for (int i = 0; i < lines.size(); i++) {
      Matcher matcher = KEY.matcher(lines.get(i));
      if (matcher.matches()) {
        add(matcher, i + 1, open);
      }
    }
  }

  private void add(Matcher matcher, int line, Deque<Entry> open) {
    int column = matcher.start(3) + 1;
    while (!open.isEmpty() && open.element().keyColumn() >= column) {
      open.pop();
    }
    Entry parent = open.peek();
    List<String> path = new ArrayList<>(parent == null ? List.of() : parent.path());
    boolean isInItem = parent != null && column - parent.keyColumn() == 4;
    if (isInItem) {
      path.add("[]");
    }
    path.add(matcher.group(3));
    String value = matcher.group(4);
    int valueColumn = value == null || value.isEmpty() ? 0 : matcher.start(4) + 1;
    Entry entry =
        new Entry(
            List.copyOf(path),
            line,
            column,
            valueColumn,
            lastLine(line, column),
            parent,
            matcher.group(2) != null);
    entries.add(entry);
    open.push(entry);
  }

  private int lastLine(int line, int keyColumn) {
    int last = line;
    while (last < lines.size() && indent(lines.get(last)) >= keyColumn) {
      last++;
    }
    return last;
  }

  private static int indent(String line) {
    int at = 0;
    while (at < line.length() && line.charAt(at) == ' ') {
      at++;
    }
    return at;
  }

  List<String> lines() {
    return lines;
  }

  List<Entry> entries() {
    return entries;
  }
}
