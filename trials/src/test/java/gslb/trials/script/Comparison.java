package gslb.trials.script;

import gslb.trials.script.Expectation.Edns;
import gslb.trials.script.Expectation.RecordSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/// Two texts of a reply, as it is expected and as it came. They are equal if the reply is right:
/// where a script leaves room (a range, any order), what fits is written as it came.
record Comparison(List<String> expected, List<String> got) {
  /// What is held against a reply of any query, before what the script says.
  static List<String> broken(Query.Asked asked, boolean isRaw, Over over, Reply reply) {
    List<String> broken = new ArrayList<>();
    check(broken, reply.isResponse(), "QR is clear (RFC 1035 §4.1.1)");
    check(broken, reply.id() == asked.id(), "it has another ID (RFC 1035 §4.1.1)");
    check(broken, reply.opcode() == asked.opcode(), "it has another OPCODE (RFC 1035 §4.1.1)");
    int limit = Math.min(asked.payloadSize(), 1232);
    if (over == Over.UDP && !isRaw) {
      check(
          broken,
          reply.bytes().length <= limit,
          "it has " + reply.bytes().length + " octets of at most " + limit + " (RFC 6891 §6.2.5)");
    }
    return broken;
  }

  private static void check(List<String> broken, boolean holds, String otherwise) {
    if (!holds) {
      broken.add(otherwise);
    }
  }

  static Comparison of(Expectation expectation, Query.Asked asked, Reply reply) {
    Comparison lines = new Comparison(new ArrayList<>(), new ArrayList<>());
    lines.put(head(expectation.rcode(), expectation.flags()), head(reply.rcode(), reply.flags()));
    lines.compareQuestion(expectation, asked, reply);
    lines.compareSection(expectation, "answer", reply.records(Section.ANSWER));
    lines.compareSection(expectation, "authority", reply.records(Section.AUTHORITY));
    lines.compareSection(expectation, "additional", reply.records(Section.ADDITIONAL));
    lines.compareEdns(expectation, asked, reply);
    expectation.size().ifPresent(size -> lines.compareSize(size, reply.bytes().length));
    return lines;
  }

  boolean isEqual() {
    return expected.equals(got);
  }

  private void put(String expectedLine, String gotLine) {
    expected.add(expectedLine);
    got.add(gotLine);
  }

  private static String head(String rcode, List<String> flags) {
    return String.join(" ", rcode, String.join(" ", flags)).strip();
  }

  private void compareQuestion(Expectation expectation, Query.Asked asked, Reply reply) {
    String text = "  question " + reply.questionText();
    if (expectation.question().isPresent()) {
      put("  question " + expectation.question().get(), text);
    } else if (!Arrays.equals(asked.question(), reply.question())) {
      put("  question as in the query, octet by octet", text);
    }
  }

  private void compareSection(Expectation expectation, String name, List<Record> records) {
    List<String> gotTexts = records.stream().map(Reply::text).toList();
    Optional<RecordSet> written =
        expectation.sections().stream().filter(s -> s.name().equals(name)).findFirst();
    List<String> expectedTexts = written.map(s -> expectedTexts(s, records)).orElse(List.of());
    add(expected, name, expectedTexts);
    add(got, name, gotTexts);
  }

  private static void add(List<String> lines, String name, List<String> records) {
    if (!records.isEmpty()) {
      lines.add("  " + name);
      records.forEach(r -> lines.add("    " + r));
    }
  }

  private static List<String> expectedTexts(RecordSet set, List<Record> records) {
    List<ExpectedRecord> written = set.records();
    return switch (set.order()) {
      case EXACT -> {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < written.size(); i++) {
          boolean fits = i < records.size() && written.get(i).matches(records.get(i));
          texts.add(fits ? Reply.text(records.get(i)) : written.get(i).text());
        }
        yield texts;
      }
      case ANY -> {
        List<ExpectedRecord> left = new ArrayList<>(written);
        List<String> texts = new ArrayList<>(fitting(left, records));
        left.forEach(e -> texts.add(e.text()));
        yield texts;
      }
      case ONE_OF, SOME_OF -> {
        List<String> fitting = fitting(new ArrayList<>(written), records);
        boolean isEnough =
            fitting.size() == records.size()
                && !fitting.isEmpty()
                && (set.order() == Expectation.Order.SOME_OF || fitting.size() == 1);
        yield isEnough
            ? fitting
            : written.stream()
                .map(
                    e ->
                        (set.order() == Expectation.Order.ONE_OF ? "one of " : "some of ")
                            + e.text())
                .toList();
      }
    };
  }

  /// The texts of the records that are expected, which are taken from `left`.
  private static List<String> fitting(List<ExpectedRecord> left, List<Record> records) {
    List<String> texts = new ArrayList<>();
    for (Record record : records) {
      for (ExpectedRecord each : left) {
        if (each.matches(record)) {
          left.remove(each);
          texts.add(Reply.text(record));
          break;
        }
      }
    }
    return texts;
  }

  private void compareEdns(Expectation expectation, Query.Asked asked, Reply reply) {
    Edns edns =
        expectation
            .edns()
            .orElseGet(
                () ->
                    asked.hasEdns()
                        ? new Edns(true, 0, Optional.empty(), asked.flags() & 0x8000, List.of())
                        : Edns.NONE);
    int udpSize = reply.opt().map(Reply.Opt::udpSize).orElse(0);
    if (edns.isPresent()) {
      List<String> options = new ArrayList<>();
      List<ExpectedOption> left = new ArrayList<>(edns.options());
      for (Reply.Option option : reply.options()) {
        left.stream()
            .filter(e -> e.matches(option))
            .findFirst()
            .ifPresent(
                fitting -> {
                  left.remove(fitting);
                  options.add(option.text());
                });
      }
      left.forEach(e -> options.add(e.text()));
      expected.add(ednsLine(edns.version(), edns.udpSize().orElse(udpSize), edns.flags(), options));
    }
    reply
        .opt()
        .ifPresent(
            opt ->
                got.add(
                    ednsLine(
                        opt.version(),
                        udpSize,
                        opt.flags(),
                        reply.options().stream().map(Reply.Option::text).toList())));
  }

  private static String ednsLine(int version, int udpSize, int flags, List<String> options) {
    StringBuilder line = new StringBuilder("  edns version " + version + " udp " + udpSize);
    if ((flags & 0x8000) != 0) {
      line.append(" do");
    }
    if ((flags & 0x7fff) != 0) {
      line.append(" flags 0x%04x".formatted(flags & 0x7fff));
    }
    options.forEach(o -> line.append(' ').append(o));
    return line.toString();
  }

  private void compareSize(Expectation.Size size, int length) {
    put(
        "  size "
            + (size.admits(length) ? "" : size.isExact() ? "= " : "<= ")
            + (size.admits(length) ? length : size.octets()),
        "  size " + length);
  }
}
