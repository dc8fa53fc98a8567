package gslb.config;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Diagnostics;
import org.junit.jupiter.api.Test;

final class ExampleTest {
  @Test
  void deployedExampleLoadsWithoutAWarning() {
    Diagnostics diagnostics = new Diagnostics();
    assertThat(ConfigLoader.load(Examples.deployed(), "gslb.yaml", diagnostics)).isPresent();
    assertThat(diagnostics.sorted()).isEmpty();
  }
}
