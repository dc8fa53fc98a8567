package gslb.config;

import gslb.base.Diagnostics;
import gslb.base.SourceSpan;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads the files of one configuration, follows includes and merges their sections.
final class ConfigFiles {
  /// Most files that one configuration is made of, zone files excluded.
  static final int FILES_MAX = 512;

  /// Longest chain of includes.
  static final int INCLUDE_DEPTH_MAX = 4;

  private final FileSource source;
  private final Diagnostics diagnostics;
  private final MessageDigest digest = sha256();
  private final Set<String> read = new LinkedHashSet<>();
  private final Map<String, SourceSpan> included = new LinkedHashMap<>();
  private final List<YamlNode.Mapping> documents = new ArrayList<>();

  ConfigFiles(FileSource source, Diagnostics diagnostics) {
    this.source = source;
    this.diagnostics = diagnostics;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  List<String> read() {
    return List.copyOf(read);
  }

  /// Ends the digest.
  String digest() {
    return HexFormat.of().formatHex(digest.digest());
  }

  /// The bytes of a file, counted into the digest.
  Optional<byte[]> bytes(String file, int lengthMax, SourceSpan asked) {
    try {
      byte[] bytes = source.read(file, lengthMax + 1);
      if (bytes.length > lengthMax) {
        diagnostics.error(
            asked, "file '" + file + "' is longer than " + lengthMax + " bytes", "", "split it");
        return Optional.empty();
      }
      read.add(file);
      digest.update(ByteBuffer.allocate(4).putInt(bytes.length).flip());
      digest.update(bytes);
      return Optional.of(bytes);
    } catch (IOException e) {
      reportUnreadable(file, asked, e);
      return Optional.empty();
    }
  }

  private void reportUnreadable(String file, SourceSpan asked, IOException e) {
    String message = e.getMessage();
    String reason =
        message == null || message.isBlank() ? "" : ": " + Shown.quoted(message).replace("'", "");
    diagnostics.error(
        asked,
        "file " + Shown.quoted(file) + " cannot be read" + reason,
        "",
        "check its name and its permissions");
  }

  /// A YAML file other than the configuration itself.
  Optional<YamlNode> yaml(String file, SourceSpan asked) {
    return bytes(file, YamlReader.FILE_LENGTH_MAX, asked)
        .flatMap(bytes -> YamlReader.read(file, bytes, diagnostics));
  }

  /// The main file with all that it includes as one map; empty if a file cannot be read or is no
  /// YAML, since every name in it would then seem to be missing.
  Optional<YamlNode.Mapping> readAll(String mainFile) {
    int errors = diagnostics.errorCount();
    readDocument(mainFile, SourceSpan.file(mainFile), 0);
    if (diagnostics.errorCount() > errors) {
      return Optional.empty();
    }
    YamlNode.Mapping merged = merge(documents);
    if (merged.pairs().isEmpty()) {
      diagnostics.error(
          SourceSpan.file(mainFile),
          "the configuration is empty",
          "",
          "begin with 'listen', 'zones', 'pools' and 'services'");
      return Optional.empty();
    }
    return Optional.of(merged);
  }

  private void readDocument(String file, SourceSpan asked, int depth) {
    SourceSpan first = included.putIfAbsent(file, asked);
    if (first != null) {
      String earlier =
          first.line() == 0 ? "it is the main file" : "it is included first at " + first;
      diagnostics.error(
          asked, "file " + Shown.quoted(file) + " is included twice", earlier, "include it once");
      return;
    }
    if (depth > INCLUDE_DEPTH_MAX || included.size() > FILES_MAX) {
      diagnostics.error(
          asked,
          depth > INCLUDE_DEPTH_MAX
              ? "files are included more than " + INCLUDE_DEPTH_MAX + " deep"
              : "more than " + FILES_MAX + " files are included",
          "",
          "include them from the main file, or join some");
      return;
    }
    YamlNode node = yaml(file, asked).orElse(null);
    if (node == null) {
      return;
    }
    if (!(node instanceof YamlNode.Mapping mapping)) {
      diagnostics.error(
          node.where(),
          "the file is " + Binding.words(node),
          "it must be " + Schema.ROOT.words(),
          "");
      return;
    }
    documents.add(mapping);
    mapping.pairs().stream()
        .filter(pair -> pair.key().text().equals(Schema.INCLUDE.name()))
        .findFirst()
        .ifPresent(pair -> include(pair.value(), file, depth));
  }

  /// Reads what an `include` lists; items that are no text are left to the binder.
  private void include(YamlNode list, String file, int depth) {
    if (!(list instanceof YamlNode.Sequence sequence)) {
      return;
    }
    for (YamlNode item : sequence.items()) {
      if (item instanceof YamlNode.Scalar scalar
          && scalar.kind() == YamlNode.Kind.TEXT
          && Scalars.FILE_NAME.reader().read(scalar.text()).value() != null) {
        for (String found : glob(scalar, file)) {
          readDocument(found, scalar.where(), depth + 1);
        }
      }
    }
  }

  private List<String> glob(YamlNode.Scalar pattern, String file) {
    String resolved = source.resolve(file, pattern.text());
    boolean isPattern = pattern.text().indexOf('*') >= 0 || pattern.text().indexOf('?') >= 0;
    if (!isPattern) {
      return List.of(resolved);
    }
    try {
      return source.glob(resolved);
    } catch (IOException e) {
      reportUnreadable(resolved, pattern.where(), e);
      return List.of();
    }
  }

  /// Joins the maps under equal keys of different files; the binder finds what is then defined
  /// twice. Includes are not joined: each file has its own.
  private static YamlNode.Mapping merge(List<YamlNode.Mapping> documents) {
    Map<String, YamlNode.Pair> merged = new LinkedHashMap<>();
    List<YamlNode.Pair> repeated = new ArrayList<>();
    for (YamlNode.Mapping document : documents) {
      Set<String> ofThisFile = new LinkedHashSet<>();
      for (YamlNode.Pair pair : document.pairs()) {
        String key = pair.key().text();
        boolean isFirstHere = ofThisFile.add(key);
        YamlNode.Pair earlier = merged.putIfAbsent(key, pair);
        if (earlier == null) {
          continue;
        }
        if (isFirstHere
            && earlier.value() instanceof YamlNode.Mapping a
            && pair.value() instanceof YamlNode.Mapping b) {
          List<YamlNode.Pair> pairs = new ArrayList<>(a.pairs());
          pairs.addAll(b.pairs());
          merged.put(key, new YamlNode.Pair(earlier.key(), new YamlNode.Mapping(a.where(), pairs)));
        } else if (!isFirstHere || !key.equals(Schema.INCLUDE.name())) {
          repeated.add(pair);
        }
      }
    }
    List<YamlNode.Pair> all = new ArrayList<>(merged.values());
    all.addAll(repeated);
    return new YamlNode.Mapping(documents.getFirst().where(), all);
  }

  /// A text file, for a reader that has its own rules about characters.
  Optional<String> text(String file, int lengthMax, SourceSpan asked) {
    return bytes(file, lengthMax, asked)
        .flatMap(bytes -> SourceText.decode(file, bytes, diagnostics));
  }
}
