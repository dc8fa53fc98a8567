package gslb.node;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Address;
import gslb.base.Prefix;
import gslb.steering.places.CountryTable;
import gslb.steering.places.GeoDatabase;
import gslb.steering.places.PlaceTable;
import gslb.testkit.MmdbWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
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

  /// How often the database itself was read.
  private int freshReads;

  @BeforeEach
  void setUp() throws IOException {
    state = Files.createDirectory(folder.resolve("state"));
    file = folder.resolve("places.mmdb");
  }

  /// As after a start.
  private GeoMemory memory() {
    return new GeoMemory(
        state,
        name -> {
          freshReads++;
          return GeoFiles.fresh(name);
        });
  }

  /// Files of all countries have one length and time.
  private void write(String country) throws IOException {
    Files.write(
        file,
        MmdbWriter.write(
            4, 24, Map.of(Prefix.of("192.0.2.0/24"), Map.of("country_code", country))));
    Files.setLastModifiedTime(file, TIME);
  }

  private GeoDatabase read() throws Exception {
    return memory().read(file.toString());
  }

  private static String country(GeoDatabase database) {
    return PlaceTable.compile(List.of(database), Map.of(), CountryTable.standard())
        .wholePlaceOf(Address.of("192.0.2.1"))
        .country();
  }

  private GeoDatabase keep(String country) throws Exception {
    write(country);
    GeoDatabase database = read();
    memory().keep(List.of(database));
    return database;
  }

  private Path copy(GeoDatabase database) {
    return state.resolve(GeoMemory.FOLDER).resolve(database.digest() + ".geo");
  }

  private List<Path> kept() throws IOException {
    try (Stream<Path> files = Files.list(state.resolve(GeoMemory.FOLDER))) {
      return files.sorted().toList();
    }
  }

  @Test
  void whatIsKeptIsReadInsteadOfTheDatabase() throws Exception {
    GeoDatabase database = keep("DE");
    assertThat(freshReads).isEqualTo(1);
    assertThat(kept()).containsExactly(copy(database));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy(database))))
        .isEqualTo("rw-------");
    GeoDatabase again = read();
    assertThat(freshReads).isEqualTo(1);
    assertThat(country(again)).isEqualTo("DE");
    Files.setLastModifiedTime(copy(database), TIME);
    memory().keep(List.of(again));
    assertThat(Files.getLastModifiedTime(copy(database))).isEqualTo(TIME);
  }

  @Test
  void aFileReplacedByOneOfEqualSizeAndTimeIsReadItself() throws Exception {
    keep("DE");
    long size = Files.size(file);
    write("FR");
    assertThat(Files.size(file)).isEqualTo(size);
    assertThat(Files.getLastModifiedTime(file)).isEqualTo(TIME);
    assertThat(country(read())).isEqualTo("FR");
    assertThat(freshReads).isEqualTo(2);
  }

  @Test
  void whateverIsInDoubtIsReadFromTheDatabaseAndKeptAnew() throws Exception {
    GeoDatabase database = keep("DE");
    byte[] good = Files.readAllBytes(copy(database));
    byte[] other = good.clone();
    other[good.length / 2] ^= 1;
    byte[] version = good.clone();
    version[7]++;
    for (byte[] bad :
        List.of(
            new byte[0], Arrays.copyOf(good, 20), Arrays.copyOf(good, 1_000_000), other, version)) {
      Files.write(copy(database), bad);
      int before = freshReads;
      GeoDatabase again = read();
      assertThat(freshReads).isEqualTo(before + 1);
      assertThat(country(again)).isEqualTo("DE");
      memory().keep(List.of(again));
      assertThat(copy(database)).hasBinaryContent(good);
    }
  }

  @Test
  void aLinkOrAFolderInPlaceOfACopyIsNotFollowed() throws Exception {
    GeoDatabase database = keep("DE");
    Path elsewhere = Files.move(copy(database), folder.resolve("elsewhere"));
    Files.createSymbolicLink(copy(database), elsewhere);
    assertThat(country(read())).isEqualTo("DE");
    assertThat(freshReads).isEqualTo(2);
    assertThat(elsewhere).exists();
    Files.deleteIfExists(copy(database));
    Files.createDirectories(copy(database).resolve("full"));
    assertThat(country(read())).isEqualTo("DE");
    assertThat(freshReads).isEqualTo(3);
  }

  @Test
  void withoutARoomToKeepItInADatabaseIsReadAllTheSame() throws Exception {
    Files.writeString(state.resolve(GeoMemory.FOLDER), "in the way");
    GeoDatabase database = keep("DE");
    assertThat(country(database)).isEqualTo("DE");
    assertThat(state.resolve(GeoMemory.FOLDER)).hasContent("in the way");
    Files.delete(state.resolve(GeoMemory.FOLDER));
    Files.delete(state);
    assertThat(country(read())).isEqualTo("DE");
  }

  @Test
  void whatIsOldGoesButNotWhatIsInUseNorWhatIsNotOurs() throws Exception {
    GeoDatabase used = keep("DE");
    Path strange = Files.writeString(state.resolve(GeoMemory.FOLDER).resolve("note"), "mine");
    Files.setLastModifiedTime(copy(used), FileTime.fromMillis(0));
    write("FR");
    GeoDatabase latest = read();
    String hex = "0".repeat(28);
    for (int i = 0; i < 2 * GeoMemory.FILES_MAX; i++) {
      Path old = state.resolve(GeoMemory.FOLDER).resolve(hex + (1000 + i) + ".geo");
      Files.writeString(old, "old");
      Files.setLastModifiedTime(old, FileTime.fromMillis(1_000L * (i + 1)));
    }
    Path leftover = state.resolve(GeoMemory.FOLDER).resolve(hex + "abcd.geo.new");
    Files.writeString(leftover, "half");
    memory().keep(List.of(used, latest));
    assertThat(leftover).doesNotExist();
    assertThat(kept()).hasSize(GeoMemory.FILES_MAX + 1);
    assertThat(kept()).contains(strange, copy(used), copy(latest));
    assertThat(kept())
        .contains(
            state
                .resolve(GeoMemory.FOLDER)
                .resolve(hex + (1000 + 2 * GeoMemory.FILES_MAX - 1) + ".geo"));
  }

  @Test
  void whatCannotBeKeptIsTriedOnce() throws Exception {
    write("DE");
    GeoDatabase database = read();
    GeoMemory memory = memory();
    Files.writeString(state.resolve(GeoMemory.FOLDER), "in the way");
    memory.keep(List.of(database));
    Files.delete(state.resolve(GeoMemory.FOLDER));
    memory.keep(List.of(database));
    assertThat(state.resolve(GeoMemory.FOLDER)).doesNotExist();
  }
}
