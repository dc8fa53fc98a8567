package gslb.config;

import gslb.base.SourceSpan;
import gslb.config.Section.Fields;
import gslb.steering.Service.HttpsRecord;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The keys of a service's HTTPS records.
final class HttpsSchema {
  static final Key<List<Located<String>>> ALPN =
      Key.of(
              "alpn",
              new ListOf<>(Scalars.ALPN, "protocols", 1, HttpsRecord.ALPN_MAX),
              "Protocols that every endpoint speaks besides HTTP/1.1, which is implied, as in [h2,"
                  + " h3].")
          .otherwise("[h2]");
  static final Key<Integer> HTTPS_PORT =
      Key.of(
          "port",
          Scalars.whole(1, 65535),
          "Port that browsers connect to. Default: that of the URL.");
  static final Section HTTPS_RECORD_SECTION =
      new Section(
          "https-record",
          "What a steered HTTPS record says beside the addresses.",
          List.of(ALPN, HTTPS_PORT));
  static final Key<HttpsTerm> HTTPS_RECORD =
      Key.of(
              "https-record",
              new OneOf<HttpsTerm>(
                  List.of(
                      new Mapped<>(
                          Scalars.TRUTH,
                          (isWanted, w, p, b) ->
                              new HttpsTerm(isWanted ? HttpsRecord.PLAIN : null)),
                      new Mapped<>(HTTPS_RECORD_SECTION, HttpsSchema::httpsRecord))),
              "Whether the names have an HTTPS record too (RFC 9460), whose address hints are what"
                  + " A and AAAA are answered with. 'true' says that the endpoints speak HTTP/2 and"
                  + " HTTP/1.1.")
          .otherwise("false");

  /// What a service's HTTPS records say.
  ///
  /// @param wanted null if it has none
  record HttpsTerm(@Nullable HttpsRecord wanted) {}

  private HttpsSchema() {}

  private static @Nullable HttpsTerm httpsRecord(
      Fields fields, SourceSpan where, Place place, Binding binding) {
    List<String> alpn = new ArrayList<>();
    for (Located<String> protocol : fields.get(ALPN)) {
      if (alpn.contains(protocol.value())) {
        binding.error(
            protocol.where(),
            "protocol '" + protocol.value() + "' stands twice in " + place.words(),
            "a protocol is named once",
            "remove one");
        return null;
      }
      alpn.add(protocol.value());
    }
    Integer port = fields.find(HTTPS_PORT);
    return new HttpsTerm(new HttpsRecord(alpn, port == null ? 0 : port));
  }
}
