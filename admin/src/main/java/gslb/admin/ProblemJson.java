package gslb.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import gslb.base.Diagnostic;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Problem details (RFC 9457) of what a command could not do before a node answered: those of the
/// API without `status`, since there was no response.
public final class ProblemJson {
  private ProblemJson() {}

  /// @param title the same for every problem of a kind
  /// @param detail this one, for people
  /// @param diagnostics of the configuration; left out if there are none
  public static String of(String title, String detail, List<Diagnostic> diagnostics) {
    AdminJson json = new AdminJson();
    ObjectNode problem =
        json.object().put("type", "about:blank").put("title", title).put("detail", detail);
    if (!diagnostics.isEmpty()) {
      problem.set("diagnostics", json.diagnostics(diagnostics));
    }
    return new String(json.bytes(problem), StandardCharsets.UTF_8);
  }
}
