package gslb.config;

import gslb.base.Address;
import gslb.base.Diagnostics;
import gslb.base.SourceSpan;
import gslb.cluster.ClusterSecret;
import gslb.cluster.ClusterSettings;
import gslb.cluster.ClusterSettings.Member;
import gslb.config.Section.Fields;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads the cluster's section and its secret.
record ClusterReader(FileSource source, Diagnostics diagnostics) {
  /// Longest secret file, in bytes.
  static final int SECRET_LENGTH_MAX = 4096;

  Optional<ClusterSettings> read(Fields cluster, Fields node) {
    List<Named.Entry<Fields>> entries = cluster.find(Schema.MEMBERS);
    List<Member> members = entries == null ? List.of() : members(entries);
    String self = node.get(Schema.NODE_NAME);
    if (entries != null) {
      checkSelf(self, entries, cluster, node);
      checkVantage(entries, cluster);
    }
    String name = cluster.find(Schema.CLUSTER_NAME);
    ClusterSecret secret = secret(cluster);
    Member own = members.stream().filter(m -> m.name().equals(self)).findFirst().orElse(null);
    return name == null || secret == null || own == null
        ? Optional.empty()
        : Optional.of(new ClusterSettings(name, own, members, secret));
  }

  private List<Member> members(List<Named.Entry<Fields>> entries) {
    List<Member> members = new ArrayList<>();
    Map<Integer, SourceSpan> numbers = new HashMap<>();
    Map<String, SourceSpan> transports = new HashMap<>();
    for (Named.Entry<Fields> entry : entries) {
      Fields fields = entry.value();
      if (fields == null) {
        continue;
      }
      Integer number = fields.find(Schema.MEMBER_NUMBER);
      Address address = fields.find(Schema.MEMBER_ADDRESS);
      String site = fields.find(Schema.MEMBER_SITE);
      int port = fields.get(Schema.MEMBER_PORT);
      if (number != null) {
        SourceSpan where = fields.where(Schema.MEMBER_NUMBER);
        reportTwice(numbers.putIfAbsent(number, where), where, "number " + number, entry.place());
      }
      if (address != null) {
        SourceSpan where =
            fields.where(
                fields.isWritten(Schema.MEMBER_PORT) ? Schema.MEMBER_PORT : Schema.MEMBER_ADDRESS);
        String transport = "port " + port + " of " + address;
        reportTwice(transports.putIfAbsent(transport, where), where, transport, entry.place());
      }
      if (number != null && address != null && site != null) {
        members.add(new Member(entry.name().value(), number, address, port, site));
      }
    }
    return members;
  }

  private void reportTwice(
      @Nullable SourceSpan first, SourceSpan where, String what, Place member) {
    if (first != null) {
      diagnostics.error(
          where,
          what + " of " + member.words() + " is taken",
          "another member has it at " + first,
          "give each member its own");
    }
  }

  private void checkSelf(
      String self, List<Named.Entry<Fields>> members, Fields cluster, Fields node) {
    List<String> names = members.stream().map(m -> m.name().value()).toList();
    if (names.contains(self)) {
      return;
    }
    SourceSpan where =
        node.isWritten(Schema.NODE_NAME) ? node.where(Schema.NODE_NAME) : cluster.place().named();
    diagnostics.error(
        where,
        "this node, '" + self + "', is not among the members of the cluster",
        "'name' of 'node' must be one of " + Shown.either(names),
        NearestName.hint(self, names));
  }

  private void checkVantage(List<Named.Entry<Fields>> members, Fields cluster) {
    long sites =
        members.stream()
            .flatMap(m -> Optional.ofNullable(m.value()).stream())
            .flatMap(m -> Optional.ofNullable(m.find(Schema.MEMBER_SITE)).stream())
            .distinct()
            .count();
    if (sites == 2 && cluster.get(Schema.VANTAGE_CHECK).isEmpty()) {
      diagnostics.warning(
          cluster.place().named(),
          "the cluster has two sites and no 'vantage-check'",
          "when the sites lose each other, neither can tell whether the other is down or its own"
              + " uplink",
          "name one or two neutral addresses in 'vantage-check'");
    }
  }

  private @Nullable ClusterSecret secret(Fields cluster) {
    Located<String> file = cluster.located(Schema.SECRET_FILE);
    if (file == null) {
      return null;
    }
    String path = source.resolve(file.where().file(), file.value());
    try {
      byte[] bytes = withoutLineEnd(source.read(path, SECRET_LENGTH_MAX + 1));
      if (bytes.length < ClusterSecret.LENGTH_MIN || bytes.length > SECRET_LENGTH_MAX) {
        diagnostics.error(
            file.where(),
            "secret file " + Shown.quoted(path) + " has " + length(bytes.length) + " bytes",
            "it must hold "
                + ClusterSecret.LENGTH_MIN
                + " to "
                + SECRET_LENGTH_MAX
                + " bytes without the final line end",
            "make one with 'openssl rand -base64 32'");
        return null;
      }
      if (source.isReadableByAll(path)) {
        diagnostics.warning(
            file.where(),
            "secret file " + Shown.quoted(path) + " can be read by every user",
            "whoever knows it can vote",
            "run 'chmod 600' on it");
      }
      return new ClusterSecret(bytes);
    } catch (IOException _) {
      diagnostics.error(
          file.where(),
          "secret file " + Shown.quoted(path) + " cannot be read",
          "all members share one",
          "make one with 'openssl rand -base64 32' and copy it to every member");
      return null;
    }
  }

  private static String length(int bytes) {
    return bytes > SECRET_LENGTH_MAX ? "more than " + SECRET_LENGTH_MAX : Integer.toString(bytes);
  }

  /// An editor adds a line end to a secret of text; a secret of raw bytes is used as it is.
  private static byte[] withoutLineEnd(byte[] bytes) {
    int end = bytes.length;
    if (end > 0 && bytes[end - 1] == '\n') {
      end--;
    }
    if (end > 0 && end < bytes.length && bytes[end - 1] == '\r') {
      end--;
    }
    for (int i = 0; i < end; i++) {
      if (bytes[i] < ' ' || bytes[i] > '~') {
        return bytes.clone();
      }
    }
    return Arrays.copyOf(bytes, end);
  }
}
