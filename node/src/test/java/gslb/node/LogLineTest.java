package gslb.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

final class LogLineTest {
  private static LogRecord event(String message) {
    LogRecord event = new LogRecord(Level.WARNING, message);
    event.setInstant(Instant.parse("2026-01-02T03:04:05.006Z"));
    event.setLoggerName("gslb.node.Node");
    return event;
  }

  @Test
  void anEventIsOneLineInUtc() {
    assertThat(new LogLine().format(event("generation 4 published")))
        .isEqualTo("2026-01-02T03:04:05.006Z WARNING gslb.node.Node generation 4 published\n");
  }

  @Test
  void aMessageCannotForgeALine() {
    assertThat(new LogLine().format(event("a\nb\r\u001b[2Jc")))
        .endsWith("gslb.node.Node a\\nb\\r?[2Jc\n");
  }

  @Test
  void anExceptionStaysOnTheLine() {
    LogRecord event = event("failed");
    event.setThrown(new IllegalStateException("because"));
    assertThat(new LogLine().format(event))
        .contains("exception=\"java.lang.IllegalStateException: because\\n")
        .containsOnlyOnce("\n");
  }
}
