package gslb.node;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Prefix;
import gslb.steering.places.GeoDatabase;
import gslb.testkit.MmdbWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GeoMemoryTest {
  private static final FileTime TIME = FileTime.fromMillis(1_000_000_000_000L);

  @TempDir Path folder;
  private Path state;
  private Path file;
  private GeoMemory memory;

  @BeforeEach
  void open() {
    state = folder.resolve("state");
    file = folder.resolve("places.mmdb");
    memory = new GeoMemory(state);
  }

  /// Files of all countries have one length.
  private void write(String country) throws IOException {
    Files.write(
        file,
        MmdbWriter.write(
            4, 24, Map.of(Prefix.of("192.0.2.0/24"), Map.of("country_code", country))));
    Files.setLastModifiedTime(file, TIME);
  }

  private GeoDatabase read() throws Exception {
    return memory.read(file.toString());
  }

  private List<Path> kept() throws IOException {
    try (Stream<Path> files = Files.list(state.resolve(GeoMemory.FOLDER))) {
      return files.sorted().toList();
    }
  }

  /// What is read from the kept copy says so: the copy is of another year.
  private static final class Marked {
    private static final int YEAR_2020 = 1_577_836_800;
  }

  @Test
  void whatIsKeptIsReadInsteadOfTheDatabase() throws Exception {
    write("DE");
    GeoDatabase database = read();
    memory.keep(List.of(database));
    Path copy = kept().getFirst();
    assertThat(copy).hasFileName(database.digest() + ".geo");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
        .isEqualTo("rw-------");
    FileTime written = Files.getLastModifiedTime(copy);
    GeoDatabase again = new GeoMemory(state).read(file.toString());
    assertThat(again.digest()).isEqualTo(database.digest());
    assertThat(again.v4NetworkCount()).isEqualTo(1);
    new GeoMemory(state).keep(List.of(again));
    assertThat(Files.getLastModifiedTime(copy)).isEqualTo(written);
  }
}
