package gslb.trials;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.node.Node;
import gslb.testkit.FreePorts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a node writes into its log when it starts.
final class StartLogTest {
  private static final Logger LOGGER = Logger.getLogger(Node.class.getName());

  @TempDir Path folder;

  private final List<String> told = new CopyOnWriteArrayList<>();
  private final Handler capture =
      new Handler() {
        @Override
        public void publish(LogRecord event) {
          told.add(event.getLevel() + " " + event.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @Test
  void aWarningIsSaidToBeOneByItsLevelAlone() throws Exception {
    List<Integer> ports = FreePorts.several(2);
    Path config = folder.resolve("gslb.yaml");
    Files.writeString(
        config,
        """
        node: {state-directory: state}
        listen: {dns: ["127.0.0.1:%d"], admin: "127.0.0.1:%d"}
        geo: {networks: {office: [192.0.2.0/24]}}
        """
            .formatted(ports.get(0), ports.get(1)));
    LOGGER.addHandler(capture);
    LOGGER.setUseParentHandlers(false);
    try {
      Node.start(config.toString(), Node.Edges.real()).close();
    } finally {
      LOGGER.setUseParentHandlers(true);
      LOGGER.removeHandler(capture);
    }
    assertThat(told)
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith("WARNING " + config + ":3:18: network 'office' is not used"));
  }
}
