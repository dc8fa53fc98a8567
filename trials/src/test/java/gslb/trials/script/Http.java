package gslb.trials.script;

import gslb.base.Address;
import gslb.base.SourceSpan;
import java.util.List;

/// A GET to the redirect tier.
///
/// @param text as it was written
/// @param path with the query, if any; begins with a slash
record Http(SourceSpan where, String text, String host, String path, Address from) {
  /// `HOST[/PATH] [from ADDRESS]`
  static Http read(SourceSpan where, String text) {
    Words words = new Words(where, text);
    String target = words.next("a host");
    int slash = target.indexOf('/');
    Address from = Query.LOCALHOST;
    if (words.takes("from")) {
      String address = words.next("an address");
      from =
          Address.parse(address)
              .orElseThrow(() -> words.error("'" + address + "' is no address", ""));
    }
    words.end();
    return new Http(
        where,
        text,
        slash < 0 ? target : target.substring(0, slash),
        slash < 0 ? "/" : target.substring(slash),
        from);
  }

  /// What may come back: `STATUS [LOCATION]`, any of the lines.
  static List<String> readResponses(SourceSpan where, List<String> block) {
    if (block.isEmpty()) {
      throw new ScriptError(
          where, "nothing is expected of this request", "below 'http' is a status and a Location");
    }
    for (String line : block) {
      String[] parts = line.strip().split(" ", -1);
      boolean isRedirect = parts[0].equals("302");
      if (!parts[0].matches("[2-5][0-9][0-9]") || parts.length != (isRedirect ? 2 : 1)) {
        throw new ScriptError(
            where, "'" + line.strip() + "' is no response", "as in '302 https://…' or '503'");
      }
    }
    return block.stream().map(String::strip).toList();
  }
}
