package gslb.steering.places;

import gslb.base.Diagnostic;
import gslb.base.SourceSpan;
import org.jspecify.annotations.Nullable;

/// A file that cannot serve as a geo database: truncated, corrupt, hostile, of another kind or too
/// large.
public final class GeoDatabaseRefused extends Exception {
  private static final long serialVersionUID = 1;

  private final transient Diagnostic diagnostic;

  private GeoDatabaseRefused(Diagnostic diagnostic, @Nullable Throwable cause) {
    super(diagnostic.where() + ": " + diagnostic.problem(), cause);
    this.diagnostic = diagnostic;
  }

  GeoDatabaseRefused(String file, String problem) {
    this(broken(file, problem), null);
  }

  GeoDatabaseRefused(String file, String problem, Throwable cause) {
    this(broken(file, problem), cause);
  }

  private static Diagnostic broken(String file, String problem) {
    return Diagnostic.error(
        SourceSpan.file(file),
        problem,
        "a geo database is a whole MaxMind DB 2.0 file with countries, coordinates or AS numbers",
        "fetch the file again, and replace it by renaming the new one over it");
  }

  /// @param memoryMax bytes
  static GeoDatabaseRefused tooLarge(String file, long memoryMax) {
    return new GeoDatabaseRefused(
        Diagnostic.error(
            SourceSpan.file(file),
            "to read the geo database takes more than " + (memoryMax >> 20) + " MiB of memory",
            "what serves must have room beside it",
            "use a smaller database, or give the node more memory (-Xmx in gslb.jvmopts)"),
        null);
  }

  /// The problem for the operator; the caller may name another place, such as the line of the
  /// configuration that names the file.
  public Diagnostic diagnostic() {
    return diagnostic;
  }
}
