package gslb.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Files that a test holds in memory.
final class MemoryFiles implements FileSource {
  private final Map<String, byte[]> files = new TreeMap<>();
  private final Set<String> readableByAll = new HashSet<>();

  MemoryFiles with(String path, String text) {
    return with(path, text.getBytes(StandardCharsets.UTF_8));
  }

  MemoryFiles with(String path, byte[] bytes) {
    files.put(path, bytes);
    return this;
  }

  MemoryFiles without(String path) {
    files.remove(path);
    return this;
  }

  MemoryFiles readableByAll(String path) {
    readableByAll.add(path);
    return this;
  }

  String text(String path) {
    byte[] bytes = files.get(path);
    return new String(bytes == null ? new byte[0] : bytes, StandardCharsets.UTF_8);
  }

  @Override
  public String resolve(String fromFile, String path) {
    int slash = fromFile.lastIndexOf('/');
    return path.startsWith("/") ? path : fromFile.substring(0, slash + 1) + path;
  }

  @Override
  public byte[] read(String path, int lengthMax) throws IOException {
    byte[] bytes = files.get(path);
    if (bytes == null) {
      throw new IOException("no such file");
    }
    return Arrays.copyOf(bytes, Math.min(bytes.length, lengthMax));
  }

  @Override
  public Optional<String> unreadable(String path) {
    return files.containsKey(path) ? Optional.empty() : Optional.of("no such file");
  }

  @Override
  public boolean isReadableByAll(String path) {
    return readableByAll.contains(path);
  }

  @Override
  public List<String> glob(String pattern) {
    int slash = pattern.lastIndexOf('/') + 1;
    String folder = pattern.substring(0, slash);
    String regex =
        pattern.substring(slash).replace(".", "\\.").replace("*", ".*").replace("?", ".");
    return files.keySet().stream()
        .filter(f -> f.startsWith(folder) && f.substring(slash).matches(regex))
        .toList();
  }
}
