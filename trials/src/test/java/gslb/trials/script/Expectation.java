package gslb.trials.script;

import gslb.base.SourceSpan;
import java.util.List;
import java.util.Optional;

/// What the reply to a query must be. What is not written must not be there, but for OPT: without
/// an `edns` line the reply has one exactly when the query has, with the query's DO and no option.
///
/// @param isSilence there must be no reply, and nothing else is written
/// @param flags all that are set, but QR
/// @param question as a reply's text; empty if it is the query's, octet by octet
record Expectation(
    SourceSpan where,
    boolean isSilence,
    String rcode,
    List<String> flags,
    Optional<String> question,
    List<RecordSet> sections,
    Optional<Edns> edns,
    Optional<Size> size) {
  /// @param records none if the section is not written
  record RecordSet(String name, Order order, List<ExpectedRecord> records) {}

  enum Order {
    /// As they are written.
    EXACT,
    ANY,
    /// One of the records written, and no other.
    ONE_OF,
    /// One or more of the records written, in any order, and no other.
    SOME_OF
  }

  /// @param udpSize empty for any
  /// @param flags all 16 bits
  record Edns(
      boolean isPresent,
      int version,
      Optional<Integer> udpSize,
      int flags,
      List<ExpectedOption> options) {
    static final Edns NONE = new Edns(false, 0, Optional.empty(), 0, List.of());
  }

  /// @param isExact else at most
  record Size(int octets, boolean isExact) {
    boolean admits(int length) {
      return isExact ? length == octets : length <= octets;
    }
  }
}
