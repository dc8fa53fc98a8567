package gslb.bench;

import gslb.base.Address;
import gslb.base.EmbeddedV4;
import gslb.node.Node;
import gslb.steering.Catalog;
import gslb.steering.SteeringTables;
import gslb.steering.places.CountryTable;
import gslb.steering.places.GeoDatabase;
import gslb.steering.places.GeoDatabaseFile;
import gslb.steering.places.GeoFileDigest;
import gslb.steering.places.Partition;
import gslb.steering.places.PlaceTable;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// One part of {@link PlaceTables}, in a process of its own. Prints `what=number`.
final class PlaceTablesPart {
  /// In the order in which they are run: each finds what the one before left in the folder.
  static final List<String> NAMES = List.of("read", "kept", "first start", "next start");

  private static final String ENDING = ".geo";

  private final Path folder;
  private final int pools;
  private final List<String> files;
  private final HeapWatch heap = new HeapWatch();

  private PlaceTablesPart(Path folder, int pools, List<String> files) {
    this.folder = folder;
    this.pools = pools;
    this.files = files;
  }

  /// @param words part, folder, pools and files
  static void run(List<String> words) throws Exception {
    PlaceTablesPart part =
        new PlaceTablesPart(
            Path.of(words.get(1)), Integer.parseInt(words.get(2)), words.subList(3, words.size()));
    switch (words.getFirst()) {
      case "read" -> part.read();
      case "kept" -> part.kept();
      case "first start" -> part.start(true);
      case "next start" -> part.start(false);
      default -> throw new IllegalArgumentException("no part '" + words.getFirst() + "'");
    }
  }

  private static void say(String what, double number) {
    String text = String.format(Locale.ROOT, number >= 1_000 ? "%.0f" : "%.1f", number);
    System.out.println(what + "=" + text.replaceAll("\\.0$", ""));
  }

  private static double millisSince(long start) {
    return (System.nanoTime() - start) / 1e6;
  }

  private void read() throws Exception {
    Catalog catalog = NearestCatalog.of(pools);
    double before = HeapWatch.retained();
    heap.reset();
    long start = System.nanoTime();
    List<GeoDatabase> databases = new ArrayList<>();
    for (String file : files) {
      databases.add(GeoDatabase.read(file, Files.readAllBytes(Path.of(file))));
    }
    say("decode ms", millisSince(start));
    SteeringTables tables = compile(catalog, databases);
    say("all ms", millisSince(start));
    say("heap at most MB", heap.peak());
    say("heap after a collection at most MB", heap.survived());
    say("retained MB", HeapWatch.retained() - before);
    Partition partition = tables.partition(0);
    PlaceTable places = tables.places();
    say("places", places.places().size());
    say("runs of places IPv4", places.v4RunCount());
    say("runs of places IPv6", places.v6RunCount());
    say("table of places MB", places.retainedBytes() / 1e6);
    say("classes", tables.classCount(0));
    say("runs of classes IPv4", partition.v4RunCount());
    say("runs of classes IPv6", partition.v6RunCount());
    say("table of classes MB", partition.retainedBytes() / 1e6);
    long writing = System.nanoTime();
    long length = 0;
    for (GeoDatabase database : databases) {
      byte[] copy = GeoDatabaseFile.encode(database).orElseThrow();
      Files.write(
          folder.resolve(database.digest() + ENDING),
          copy,
          StandardOpenOption.CREATE_NEW,
          StandardOpenOption.WRITE,
          StandardOpenOption.DSYNC);
      length += copy.length;
    }
    say("copy MB", length / 1e6);
    say("write copy ms", millisSince(writing));
  }

  private SteeringTables compile(Catalog catalog, List<GeoDatabase> databases) throws Exception {
    long start = System.nanoTime();
    PlaceTable places =
        PlaceTable.compile(databases, Map.of(), CountryTable.standard(), catalog.detail());
    say("places ms", millisSince(start));
    long compiled = System.nanoTime();
    SteeringTables tables = SteeringTables.compile(catalog, places);
    say("policies ms", millisSince(compiled));
    return tables;
  }

  private void kept() throws Exception {
    Catalog catalog = NearestCatalog.of(pools);
    // A node has read its configuration by then: it has parsed prefixes, and run a lambda.
    if (!EmbeddedV4.MAPPED.block().contains(Address.of("::ffff:192.0.2.1"))) {
      throw new AssertionError("an embedding block");
    }
    double before = HeapWatch.retained();
    heap.reset();
    long start = System.nanoTime();
    List<String> digests = new ArrayList<>();
    for (String file : files) {
      digests.add(digest(Path.of(file)));
    }
    double digested = millisSince(start);
    List<GeoDatabase> databases = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      byte[] copy = Files.readAllBytes(folder.resolve(digests.get(i) + ENDING));
      databases.add(GeoDatabaseFile.decode(files.get(i), digests.get(i), copy).orElseThrow());
    }
    double decoded = millisSince(start);
    PlaceTable places =
        PlaceTable.compile(databases, Map.of(), CountryTable.standard(), catalog.detail());
    double placed = millisSince(start);
    SteeringTables tables = SteeringTables.compile(catalog, places);
    double compiled = millisSince(start);
    // Not before: the first text that is formatted takes as long as the rest.
    say("digest ms", digested);
    say("read copy ms", decoded - digested);
    say("places ms", placed - decoded);
    say("digest, copy and places ms", placed);
    say("policies ms", compiled - placed);
    say("all ms", compiled);
    say("heap at most MB", heap.peak());
    say("retained MB", HeapWatch.retained() - before);
    say("classes", tables.classCount(0)); // which holds on to all until here
  }

  private static String digest(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      GeoFileDigest digest = new GeoFileDigest();
      byte[] buffer = new byte[1 << 16];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        digest.update(buffer, count);
      }
      return digest.text();
    }
  }

  /// A whole node, then a reload with another version of the first database.
  private void start(boolean isFirst) throws Exception {
    Path first = folder.resolve("first.mmdb");
    if (isFirst) {
      Files.copy(Path.of(files.getFirst()), first);
    }
    Path configuration = Files.writeString(folder.resolve("gslb.yaml"), configuration(first));
    Files.writeString(
        folder.resolve("gslb.example.zone"),
        "@ 3600 SOA ns admin 1 7200 3600 1209600 300\n@ 3600 NS ns\nns 3600 A 192.0.2.53\n");
    long start = System.nanoTime();
    try (Node node = Node.start(configuration.toString(), Node.Edges.real())) {
      say("ms until it serves", millisSince(start));
      say(
          "ms since the process began",
          (double) System.currentTimeMillis()
              - ManagementFactory.getRuntimeMXBean().getStartTime());
      say("heap at most MB", heap.peak());
      say("retained MB", HeapWatch.retained());
      if (isFirst) {
        awaitCopies(folder.resolve("state/geo"));
        return;
      }
      long again = System.nanoTime();
      node.reload();
      say("reload with the same databases ms", millisSince(again));
      heap.reset();
      Path next = Files.copy(first, folder.resolve("next.mmdb"));
      Files.write(next, new byte[] {0}, StandardOpenOption.APPEND); // after the metadata: unread
      Files.move(next, first, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      long reloading = System.nanoTime();
      node.reload();
      say("reload with another database ms", millisSince(reloading));
      say("heap at most in a reload MB", heap.peak());
      say("heap after a collection at most in a reload MB", heap.survived());
      say("retained after reloads MB", HeapWatch.retained());
    }
  }

  private void awaitCopies(Path copies) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (System.nanoTime() < deadline) {
      if (Files.isDirectory(copies)) {
        try (Stream<Path> found = Files.list(copies)) {
          if (found.filter(path -> path.toString().endsWith(ENDING)).count() == files.size()) {
            return;
          }
        }
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
    throw new IOException("the node kept no copy in '" + copies + "'");
  }

  private String configuration(Path first) throws IOException {
    StringBuilder text = new StringBuilder();
    text.append("node: {name: bench, state-directory: \"").append(folder.resolve("state"));
    text.append("\"}\nlisten: {dns: [\"127.0.0.1:")
        .append(LoadedServer.freePort())
        .append("\"], http: [], admin: \"127.0.0.1:")
        .append(LoadedServer.freePort())
        .append("\"}\ngeo:\n  databases:\n    - \"")
        .append(first)
        .append("\"\n");
    files.stream().skip(1).forEach(f -> text.append("    - \"").append(f).append("\"\n"));
    text.append("zones:\n  gslb.example: {file: gslb.example.zone}\n");
    NearestCatalog.write(pools, text);
    return text.toString();
  }
}
