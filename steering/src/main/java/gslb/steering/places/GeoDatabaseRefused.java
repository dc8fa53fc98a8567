package gslb.steering.places;

import gslb.base.Diagnostic;
import gslb.base.SourceSpan;

/// A file that cannot serve as a geo database: truncated, corrupt, hostile or of another kind.
public final class GeoDatabaseRefused extends Exception {
  private static final long serialVersionUID = 1;

  private final String file;
  private final String problem;

  GeoDatabaseRefused(String file, String problem) {
    super(file + ": " + problem);
    this.file = file;
    this.problem = problem;
  }

  GeoDatabaseRefused(String file, String problem, Throwable cause) {
    super(file + ": " + problem, cause);
    this.file = file;
    this.problem = problem;
  }

  /// The problem for the operator; the caller may name another place, such as the line of the
  /// configuration that names the file.
  public Diagnostic diagnostic() {
    return Diagnostic.error(
        SourceSpan.file(file),
        problem,
        "a geo database is a whole MaxMind DB 2.0 file with countries, coordinates or AS numbers",
        "fetch the file again, and replace it by renaming the new one over it");
  }
}
