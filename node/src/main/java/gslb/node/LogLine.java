package gslb.node;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// The form of the log: one line per event, `time level logger message`, times in UTC. Control
/// characters are escaped, so that nothing that came from the network can forge a line.
final class LogLine extends Formatter {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /// Sends the log to standard error in this form: our own events from INFO, the libraries' from
  /// WARNING.
  static void install() {
    Logger root = Logger.getLogger("");
    for (Handler handler : root.getHandlers()) {
      root.removeHandler(handler);
    }
    Handler console = new ConsoleHandler();
    console.setFormatter(new LogLine());
    console.setLevel(Level.ALL);
    root.addHandler(console);
    root.setLevel(Level.WARNING);
    OWN.setLevel(Level.INFO);
  }

  /// Held here because the logging library keeps loggers by weak reference.
  private static final Logger OWN = Logger.getLogger("gslb");

  @Override
  public String format(LogRecord event) {
    StringBuilder line = new StringBuilder(160);
    TIME.formatTo(event.getInstant(), line);
    line.append(' ').append(level(event.getLevel())).append(' ').append(event.getLoggerName());
    line.append(' ');
    escape(formatMessage(event), line);
    Throwable thrown = event.getThrown();
    if (thrown != null) {
      StringWriter trace = new StringWriter();
      thrown.printStackTrace(new PrintWriter(trace));
      line.append(" exception=\"");
      escape(trace.toString(), line);
      line.append('"');
    }
    return line.append('\n').toString();
  }

  private static String level(Level level) {
    return level.intValue() >= Level.SEVERE.intValue()
        ? "ERROR"
        : level.intValue() >= Level.WARNING.intValue()
            ? "WARNING"
            : level.intValue() >= Level.INFO.intValue() ? "INFO" : "DEBUG";
  }

  private static void escape(String text, StringBuilder line) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\n' -> line.append("\\n");
        case '\t' -> line.append("\\t");
        case '\r' -> line.append("\\r");
        default -> line.append(Character.isISOControl(c) ? '?' : c);
      }
    }
  }
}
