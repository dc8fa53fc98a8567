package gslb.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// The files that are made from the schema. After a change of the schema they are written by
/// `./mvnw verify -pl config -am -Dgslb.test.jvm=-Dgolden.update=true`.
final class GeneratedFilesTest {
  @Test
  void schemaForEditorsIsTheLoadersOwn() throws IOException {
    same("deploy/gslb.schema.json", JsonSchema.text());
  }

  @Test
  void referencePageListsTheLoadersKeys() throws IOException {
    same("docs/configuration.md", ReferencePage.text());
  }

  private static void same(String name, String text) throws IOException {
    Path file = Examples.ROOT.resolve(name);
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(file, text);
    }
    assertThat(file).content().isEqualTo(text);
  }
}
