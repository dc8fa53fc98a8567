package gslb.trials.script;

import gslb.base.SourceSpan;
import gslb.trials.script.Expectation.Edns;
import gslb.trials.script.Expectation.Order;
import gslb.trials.script.Expectation.RecordSet;
import gslb.trials.script.Expectation.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xbill.DNS.Rcode;

/// Reads an `expect` and its block.
final class ExpectationReader {
  /// In the order of the header.
  private static final List<String> FLAGS = List.of("aa", "tc", "rd", "ra", "z", "ad", "cd");

  private static final List<String> SECTIONS = List.of("answer", "authority", "additional");

  private final SourceSpan where;
  private final int blockFrom;
  private final List<RecordSet> sections = new ArrayList<>();
  private Optional<String> question = Optional.empty();
  private Optional<Edns> edns = Optional.empty();
  private Optional<Size> size = Optional.empty();

  /// @param blockFrom index of the block's first line
  ExpectationReader(SourceSpan where, int blockFrom) {
    this.where = where;
    this.blockFrom = blockFrom;
  }

  Expectation read(String line, List<String> block) {
    Words words = new Words(where, line);
    String rcode = words.next("an RCODE or 'silence'");
    boolean isSilence = rcode.equals("silence");
    if (!isSilence && Rcode.value(rcode) < 0) {
      throw words.error("'" + rcode + "' is no RCODE", "as in NOERROR, or 'silence'");
    }
    List<String> flags = flags(words);
    if (isSilence && !(flags.isEmpty() && block.isEmpty())) {
      throw words.error("silence has flags or sections", "it has nothing");
    }
    for (int i = 0; i < block.size(); ) {
      i = readEntry(block, i);
    }
    return new Expectation(
        where, isSilence, rcode, flags, question, List.copyOf(sections), edns, size);
  }

  private static List<String> flags(Words words) {
    List<String> flags = new ArrayList<>();
    while (!words.isEmpty()) {
      String flag = words.next("a flag");
      if (!FLAGS.contains(flag)) {
        throw words.error("'" + flag + "' is no flag", String.join(", ", FLAGS));
      }
      flags.add(flag);
    }
    return FLAGS.stream().filter(flags::contains).toList();
  }

  private SourceSpan where(int index) {
    return new SourceSpan(where.file(), blockFrom + index + 1, 0);
  }

  /// @return index of the entry after this one
  private int readEntry(List<String> block, int index) {
    String line = block.get(index);
    if (line.isBlank()) {
      return index + 1;
    }
    Words words = new Words(where(index), line.strip());
    String name = words.next("an entry");
    if (SECTIONS.contains(name)) {
      return readSection(name, words, block, index);
    }
    switch (name) {
      case "question" -> question = Optional.of(line.strip().substring(name.length()).strip());
      case "edns" -> edns = Optional.of(edns(words));
      case "size" -> {
        boolean isExact = words.takes("=");
        if (!isExact && !words.takes("<=")) {
          throw words.error("a size is '<=' or '='", "as in 'size <= 512'");
        }
        size = Optional.of(new Size(words.number("size", 65_535), isExact));
        words.end();
      }
      default ->
          throw words.error(
              "'" + name + "' is no entry of 'expect'",
              "question, answer, authority, additional, edns, size");
    }
    return index + 1;
  }

  private int readSection(String name, Words words, List<String> block, int index) {
    Order order = order(words);
    int indent = indent(block.get(index));
    List<ExpectedRecord> records = new ArrayList<>();
    int at = index + 1;
    while (at < block.size() && (block.get(at).isBlank() || indent(block.get(at)) > indent)) {
      String text = block.get(at).strip();
      if (!text.isEmpty()) {
        records.add(ExpectedRecord.read(new Words(where(at), text), text));
      }
      at++;
    }
    if (records.isEmpty()) {
      throw words.error("section '" + name + "' has no records", "leave it out where it is empty");
    }
    sections.add(new RecordSet(name, order, records));
    return at;
  }

  private static Order order(Words words) {
    if (words.isEmpty()) {
      return Order.EXACT;
    }
    String written = words.next("an order") + " " + words.next("'order' or 'of'");
    words.end();
    return switch (written) {
      case "any order" -> Order.ANY;
      case "one of" -> Order.ONE_OF;
      case "some of" -> Order.SOME_OF;
      default -> throw words.error("'" + written + "' is no order", "any order, one of or some of");
    };
  }

  private static int indent(String line) {
    int at = 0;
    while (at < line.length() && line.charAt(at) == ' ') {
      at++;
    }
    return at;
  }

  private static Edns edns(Words words) {
    if (words.takes("none")) {
      words.end();
      return Edns.NONE;
    }
    int version = 0;
    int flags = 0;
    Optional<Integer> udp = Optional.empty();
    List<ExpectedOption> options = new ArrayList<>();
    while (!words.isEmpty()) {
      if (words.takes("version")) {
        version = words.number("version", 255);
      } else if (words.takes("udp")) {
        udp = Optional.of(words.number("size", 65_535));
      } else if (words.takes("do")) {
        flags |= 0x8000;
      } else if (words.takes("flags")) {
        flags |= words.number("flags", 0xffff);
      } else {
        options.add(ExpectedOption.read(words));
      }
    }
    return new Edns(true, version, udp, flags, List.copyOf(options));
  }
}
