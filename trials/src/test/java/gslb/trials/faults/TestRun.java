package gslb.trials.faults;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.MultipleFailuresError;

/// Runs test methods in a process of their own and says by its exit status how they went.
final class TestRun {
  static final int GREEN = 0;

  /// Assertions failed, and nothing else.
  static final int RED = 1;

  static final int NO_TEST = 2;

  /// Something else than an assertion: classes that do not fit together, or a test that gave up.
  static final int BROKEN = 3;

  /// Begins the line that says why a test is not green.
  static final String WHY = "why: ";

  /// Characters that two lines have in common and that are shown.
  private static final int COMMON_SHOWN_MAX = 30;

  private TestRun() {}

  private static final class Outcome implements TestExecutionListener {
    private final List<Throwable> failures = new ArrayList<>();
    private int succeeded;
    private int aborted;

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      result.getThrowable().ifPresent(failures::add);
      switch (result.getStatus()) {
        case SUCCESSFUL -> succeeded += test.isTest() ? 1 : 0;
        case ABORTED -> aborted++;
        case FAILED -> {}
      }
    }

    int status() {
      if (aborted > 0 || failures.stream().anyMatch(f -> !(f instanceof AssertionError))) {
        return BROKEN;
      }
      return !failures.isEmpty() ? RED : succeeded > 0 ? GREEN : NO_TEST;
    }
  }

  /// @param args `package.Class.method` of each
  public static void main(String[] args) throws ClassNotFoundException {
    LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request();
    for (String test : args) {
      int dot = test.lastIndexOf('.');
      Class<?> type = Class.forName(test.substring(0, dot), false, TestRun.class.getClassLoader());
      for (Method method : type.getDeclaredMethods()) {
        if (method.getName().equals(test.substring(dot + 1))) {
          request.selectors(DiscoverySelectors.selectMethod(type, method));
        }
      }
    }
    Outcome outcome = new Outcome();
    LauncherFactory.create().execute(request.build(), outcome);
    if (!outcome.failures.isEmpty()) {
      Throwable first = outcome.failures.getFirst();
      first.printStackTrace(System.out);
      System.out.println(WHY + why(first));
    }
    System.exit(outcome.status());
  }

  /// In one line: of two texts the first lines that differ, else the message.
  private static String why(Throwable failure) {
    if (failure instanceof MultipleFailuresError several) {
      return why(several.getFailures().getFirst());
    }
    String message = text(failure.getMessage()).strip();
    String about = message.startsWith("[") ? message.lines().findFirst().orElse("") + ' ' : "";
    if (failure instanceof AssertionFailedError error
        && error.isExpectedDefined()
        && error.isActualDefined()) {
      List<String> expected = text(error.getExpected().getValue()).lines().toList();
      List<String> actual = text(error.getActual().getValue()).lines().toList();
      int at = 0;
      while (at < Math.min(expected.size(), actual.size())
          && expected.get(at).equals(actual.get(at))) {
        at++;
      }
      return about + difference(line(expected, at), line(actual, at));
    }
    // Without the hashes of objects, which differ from run to run.
    return message.replaceAll("@[0-9a-f]+\\b", "").replaceAll("\\s+", " ");
  }

  private static String line(List<String> lines, int at) {
    return at < lines.size() ? lines.get(at) : "";
  }

  /// The words from which on two lines differ.
  private static String difference(String expected, String actual) {
    int at = 0;
    while (at < Math.min(expected.length(), actual.length())
        && expected.charAt(at) == actual.charAt(at)) {
      at++;
    }
    int word = at < COMMON_SHOWN_MAX ? 0 : expected.lastIndexOf(' ', at) + 1;
    String cut = word > 0 ? "…" : "";
    return "expected \"%1$s%2$s\", was \"%1$s%3$s\""
        .formatted(
            cut, expected.substring(word), actual.substring(Math.min(word, actual.length())));
  }

  private static String text(@Nullable Object value) {
    String text = String.valueOf(value);
    boolean isQuoted = text.length() > 1 && text.startsWith("\"") && text.endsWith("\"");
    return isQuoted ? text.substring(1, text.length() - 1) : text;
  }
}
