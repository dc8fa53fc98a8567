package gslb.config;

import gslb.base.Diagnostics;
import gslb.base.SourceSpan;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.CoreScalarResolver;

/// Reads one YAML 1.2 document into nodes, from the parser's events and without recursion, so that
/// no input can exhaust the stack. Anchors, aliases, tags and further documents are refused: a
/// configuration is what it looks like.
final class YamlReader {
  /// Longest file, in bytes.
  static final int FILE_LENGTH_MAX = 8 << 20;

  /// Deepest nesting of lists and maps.
  static final int DEPTH_MAX = 64;

  /// Most nodes of one file.
  static final int NODES_MAX = 2_000_000;

  private final String file;
  private final String text;
  private final Diagnostics diagnostics;
  private final CoreScalarResolver resolver = new CoreScalarResolver(false);
  private final Deque<Open> open = new ArrayDeque<>();
  private @Nullable YamlNode root;
  private int nodes;
  private int documents;

  /// A list or map whose end has not come yet.
  private static final class Open {
    final SourceSpan where;
    final boolean isMapping;
    final List<YamlNode> items = new ArrayList<>();
    final List<YamlNode.Pair> pairs = new ArrayList<>();
    YamlNode.@Nullable Scalar key;

    Open(SourceSpan where, boolean isMapping) {
      this.where = where;
      this.isMapping = isMapping;
    }

    boolean awaitsKey() {
      return isMapping && key == null;
    }
  }

  private YamlReader(String file, String text, Diagnostics diagnostics) {
    this.file = file;
    this.text = text;
    this.diagnostics = diagnostics;
  }

  /// The document, an empty map if there is none; empty if a diagnostic of severity ERROR was
  /// added.
  static Optional<YamlNode> read(String file, byte[] bytes, Diagnostics diagnostics) {
    if (bytes.length > FILE_LENGTH_MAX) {
      diagnostics.error(
          SourceSpan.file(file),
          "the file is longer than " + FILE_LENGTH_MAX + " bytes",
          "",
          "split it with 'include'");
      return Optional.empty();
    }
    return SourceText.decode(file, bytes, diagnostics)
        .flatMap(text -> SourceText.printable(file, text, diagnostics))
        .flatMap(text -> new YamlReader(file, text, diagnostics).read());
  }

  private Optional<YamlNode> read() {
    LoadSettings settings =
        LoadSettings.builder().setLabel(file).setCodePointLimit(FILE_LENGTH_MAX + 1).build();
    try {
      Iterator<Event> events = new Parse(settings).parseString(text).iterator();
      while (events.hasNext()) {
        if (!accept(events.next())) {
          return Optional.empty();
        }
      }
    } catch (MarkedYamlEngineException e) {
      SourceSpan where = e.getProblemMark().map(this::place).orElse(SourceSpan.file(file));
      diagnostics.error(where, words(e.getProblem()), words(e.getContext()), remedy(e));
      return Optional.empty();
    } catch (YamlEngineException e) {
      diagnostics.error(SourceSpan.file(file), words(e.getMessage()), "", "");
      return Optional.empty();
    }
    if (root == null || isEmpty(root)) {
      root = new YamlNode.Mapping(new SourceSpan(file, 1, 1), List.of());
    }
    return Optional.of(root);
  }

  private static boolean isEmpty(YamlNode node) {
    return node instanceof YamlNode.Scalar scalar && scalar.kind() == YamlNode.Kind.EMPTY;
  }

  private static String words(@Nullable String text) {
    if (text == null || text.isBlank()) {
      return "";
    }
    String line = text.lines().findFirst().orElse("").strip();
    String start = line.substring(0, 1).toLowerCase(Locale.ROOT) + line.substring(1);
    return start.endsWith(".") ? start.substring(0, start.length() - 1) : start;
  }

  private static String remedy(MarkedYamlEngineException e) {
    String problem = e.getProblem();
    return problem != null && problem.contains("TAB")
        ? "indent with spaces"
        : "check indentation, quotes and brackets here and in the lines above";
  }

  /// Marks at the end of the text stand on a line that does not exist; its place is then the end of
  /// the last line.
  private SourceSpan place(Mark mark) {
    int lastLine = (int) text.chars().filter(c -> c == '\n').count() + 1;
    boolean endsInLineEnd = text.isEmpty() || text.endsWith("\n");
    if (mark.getLine() + 1 >= lastLine && endsInLineEnd && lastLine > 1) {
      return SourceText.placeOf(file, text, text.length() - 1);
    }
    return new SourceSpan(file, mark.getLine() + 1, mark.getColumn() + 1);
  }

  private SourceSpan place(Event event) {
    return event
        .getStartMark()
        .map(mark -> new SourceSpan(file, mark.getLine() + 1, mark.getColumn() + 1))
        .orElse(SourceSpan.file(file));
  }

  private boolean refuse(Event event, String problem, String rule, String remedy) {
    diagnostics.error(place(event), problem, rule, remedy);
    return false;
  }

  private boolean accept(Event event) {
    if (event instanceof DocumentStartEvent && ++documents > 1) {
      return refuse(event, "a second document begins", "a file holds one", "remove the '---'");
    }
    if (event instanceof AliasEvent) {
      return refuse(event, "an alias", "aliases are not used here", "write the value again");
    }
    if (event instanceof NodeEvent node && node.getAnchor().isPresent()) {
      return refuse(event, "an anchor", "anchors are not used here", "remove the '&' and its name");
    }
    if (event instanceof NodeEvent && ++nodes > NODES_MAX) {
      return refuse(event, "more than " + NODES_MAX + " values", "", "split the file");
    }
    if (event instanceof CollectionStartEvent start) {
      return begin(start);
    }
    if (event instanceof CollectionEndEvent) {
      end();
    } else if (event instanceof ScalarEvent scalar) {
      return scalar(scalar);
    }
    return true;
  }

  private boolean begin(CollectionStartEvent start) {
    if (start.getTag().isPresent()) {
      return refuseTag(start);
    }
    Open parent = open.peek();
    if (parent != null && parent.awaitsKey()) {
      return refuse(start, "a key that is itself a list or a map", "keys are names", "");
    }
    if (open.size() >= DEPTH_MAX) {
      return refuse(start, "nested deeper than " + DEPTH_MAX + " levels", "", "");
    }
    open.push(new Open(place(start), start instanceof MappingStartEvent));
    return true;
  }

  private boolean refuseTag(Event event) {
    return refuse(event, "a tag", "tags are not used here", "remove the '!' and its name");
  }

  private void end() {
    Open ended = open.pop();
    add(
        ended.isMapping
            ? new YamlNode.Mapping(ended.where, ended.pairs)
            : new YamlNode.Sequence(ended.where, ended.items));
  }

  private boolean scalar(ScalarEvent event) {
    if (event.getTag().isPresent()) {
      return refuseTag(event);
    }
    add(new YamlNode.Scalar(place(event), event.getValue(), kind(event)));
    return true;
  }

  private YamlNode.Kind kind(ScalarEvent event) {
    if (!event.isPlain()) {
      return YamlNode.Kind.TEXT;
    }
    Tag tag = resolver.resolve(event.getValue(), true);
    if (tag.equals(Tag.INT)) {
      return YamlNode.Kind.WHOLE;
    } else if (tag.equals(Tag.FLOAT)) {
      return YamlNode.Kind.NUMBER;
    } else if (tag.equals(Tag.BOOL)) {
      return YamlNode.Kind.TRUTH;
    }
    return tag.equals(Tag.NULL) ? YamlNode.Kind.EMPTY : YamlNode.Kind.TEXT;
  }

  private void add(YamlNode node) {
    Open parent = open.peek();
    if (parent == null) {
      root = node;
    } else if (!parent.isMapping) {
      parent.items.add(node);
    } else if (parent.key == null) {
      // begin() lets nothing but a scalar stand where a key is awaited.
      parent.key = (YamlNode.Scalar) node;
    } else {
      parent.pairs.add(new YamlNode.Pair(parent.key, node));
      parent.key = null;
    }
  }
}
