package gslb.base;

/// A place in a file that an operator wrote. Line and column count from 1; 0 means the whole file
/// or the whole line.
public record SourceSpan(String file, int line, int column) implements Comparable<SourceSpan> {
  public static SourceSpan file(String file) {
    return new SourceSpan(file, 0, 0);
  }

  @Override
  public int compareTo(SourceSpan other) {
    int byFile = file.compareTo(other.file);
    if (byFile != 0) {
      return byFile;
    }
    int byLine = Integer.compare(line, other.line);
    return byLine != 0 ? byLine : Integer.compare(column, other.column);
  }

  @Override
  public String toString() {
    return line == 0 ? file : column == 0 ? file + ":" + line : file + ":" + line + ":" + column;
  }
}
