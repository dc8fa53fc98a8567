package gslb.config;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.steering.Pool;
import org.junit.jupiter.api.Test;

final class IncludeTest {
  private static final String EU = "pools:\n  eu: {endpoints: [{address: 192.0.2.1}]}\n";
  private static final String US = "pools:\n  us: {endpoints: [{address: 192.0.2.2}]}\n";

  @Test
  void sectionsOfAllFilesAreMerged() {
    Loaded loaded =
        Loaded.load(
            new MemoryFiles()
                .with(
                    Loaded.MAIN,
                    "include: [conf.d/*.yaml, one.yaml]\nlisten: {dns: [\"192.0.2.53:53\"]}\n")
                .with("etc/conf.d/a.yaml", EU)
                .with("etc/conf.d/b.yaml", US + "listen: {admin: \"127.0.0.1:9\"}\n")
                .with("etc/conf.d/c.txt", "not: this\n")
                .with("etc/one.yaml", "include: [deep/two.yaml]\nnode: {name: x}\n")
                .with("etc/deep/two.yaml", "geo: {networks: own.yaml}\n")
                .with("etc/deep/own.yaml", "office: [192.0.2.0/24]\n"));
    assertThat(loaded.errors()).isEmpty();
    Configuration configuration = loaded.configuration().orElseThrow();
    assertThat(configuration.catalog().pools()).extracting(Pool::name).containsExactly("eu", "us");
    assertThat(configuration.admin().listen().getPort()).isEqualTo(9);
    assertThat(configuration.dns().listen()).hasSize(1);
    assertThat(configuration.node().name()).isEqualTo("x");
    assertThat(configuration.catalog().networks()).containsKey("office");
    assertThat(configuration.files())
        .containsExactly(
            Loaded.MAIN,
            "etc/conf.d/a.yaml",
            "etc/conf.d/b.yaml",
            "etc/one.yaml",
            "etc/deep/two.yaml",
            "etc/deep/own.yaml");
  }

  @Test
  void whatTwoFilesDefineIsReportedWithBothPlaces() {
    Marked second = Marked.of("etc/b.yaml", "pools:\n  # again\n  »eu: {endpoints: []}\n");
    Loaded.load(
            new MemoryFiles()
                .with(Loaded.MAIN, "include: [b.yaml]\n" + EU)
                .with("etc/b.yaml", second.text()))
        .says(second.where(), "duplicate key 'eu'", "first at etc/gslb.yaml:3:3");
    Marked key = Marked.of("etc/b.yaml", "node: {»name: b}\n");
    Loaded.load(
            new MemoryFiles()
                .with(Loaded.MAIN, "include: [b.yaml]\nnode: {name: a}\n")
                .with("etc/b.yaml", key.text()))
        .says(key.where(), "duplicate key 'name'", "first at etc/gslb.yaml:2:8");
  }

  @Test
  void sectionThatIsNoMapInOneFileIsReported() {
    Marked second = Marked.of("etc/b.yaml", "»pools: []\n");
    Loaded.load(
            new MemoryFiles()
                .with(Loaded.MAIN, "include: [b.yaml]\n" + EU)
                .with("etc/b.yaml", second.text()))
        .says(second.where(), "duplicate key 'pools'");
  }

  @Test
  void fileIsIncludedOnce() {
    Marked twice = Marked.of(Loaded.MAIN, "include: [b.yaml, »\"?.yaml\"]\n");
    Loaded.load(
            new MemoryFiles()
                .with(Loaded.MAIN, twice.text())
                .with("etc/b.yaml", "node: {name: x}\n"))
        .says(twice.where(), "'etc/b.yaml' is included twice", "first at etc/gslb.yaml:1:11");
    Marked circle = Marked.of("etc/b.yaml", "include: [»gslb.yaml]\n");
    Loaded.load(
            new MemoryFiles()
                .with(Loaded.MAIN, "include: [b.yaml]\n")
                .with("etc/b.yaml", circle.text()))
        .says(circle.where(), "'etc/gslb.yaml' is included twice", "it is the main file");
  }

  @Test
  void includesEndAfterFour() {
    MemoryFiles files = new MemoryFiles().with(Loaded.MAIN, "include: [1.yaml]\n");
    for (int i = 1; i <= 5; i++) {
      files.with("etc/" + i + ".yaml", "include: [" + (i + 1) + ".yaml]\n");
    }
    Marked deepest = Marked.of("etc/4.yaml", "include: [»5.yaml]\n");
    Loaded.load(files).says(deepest.where(), "more than 4 deep");
  }

  @Test
  void missingFileIsReportedAndAnEmptyPatternIsNot() {
    Loaded.refused("include: [»none.yaml]\nnode: {name: x}\n", "'etc/none.yaml' cannot be read");
    Loaded.good("include: [none/*.yaml]\nnode: {name: x}\n");
  }

  @Test
  void faultInAnIncludedFileIsPlacedThere() {
    Marked bad = Marked.of("etc/b.yaml", "pools:\n  eu:\n    »nope: 1\n");
    Loaded.load(
            new MemoryFiles()
                .with(Loaded.MAIN, "include: [b.yaml]\n")
                .with("etc/b.yaml", bad.text()))
        .says(bad.where(), "unknown key 'nope'");
  }

  @Test
  void brokenFileHidesNoOtherBrokenFile() {
    Loaded loaded =
        Loaded.load(
            new MemoryFiles()
                .with(Loaded.MAIN, "include: [a.yaml, b.yaml]\n")
                .with("etc/a.yaml", "a: [\n")
                .with("etc/b.yaml", "b: '\n"));
    assertThat(loaded.errors())
        .extracting(d -> d.where().file())
        .containsExactly("etc/a.yaml", "etc/b.yaml");
  }

  @Test
  void listOfIncludesIsChecked() {
    Loaded.refused("include: »x.yaml\nnode: {name: x}\n", "write it in brackets: [ ]");
    Loaded.refused("include: [»1]\nnode: {name: x}\n", "write it in quotes");
  }
}
