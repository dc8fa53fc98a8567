package gslb.node;

import java.nio.file.Path;

/// The folder that gslb is installed in; the launcher names it.
final class Home {
  private Home() {}

  static Path folder() {
    return Path.of(System.getProperty("gslb.home", "")).toAbsolutePath().normalize();
  }
}
