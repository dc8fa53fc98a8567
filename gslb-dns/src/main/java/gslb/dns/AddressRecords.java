package gslb.dns;

import gslb.steering.Service;
import gslb.steering.SteeringPlan;

/// The address records of one family that a decision comes to. Owned by one thread, which reuses it
/// for every query.
final class AddressRecords {
  private static final byte[] NONE = {};

  private final boolean v4;
  private final int[] drawn = new int[Service.Answers.COUNT_MAX];
  private final int[] one = new int[1];
  private final byte[] joined;

  /// Whole records, one behind the other; only {@link #length} octets count.
  byte[] octets = NONE;

  int length;

  /// Whose records they are; only {@link #endpointCount} count.
  int[] endpoints = {};

  int endpointCount;

  AddressRecords(boolean v4) {
    this.v4 = v4;
    joined = new byte[drawn.length * EncodedAnswers.recordLength(v4)];
  }

  boolean v4() {
    return v4;
  }

  void clear() {
    length = 0;
    endpointCount = 0;
  }

  /// Those of the context's last decision, which is one for an answer set.
  void fill(SteeringPlan plan, EncodedAnswers answers, int service, QueryContext context) {
    int answerSet = context.selection.answerSet;
    int count = answers.count(service);
    if (count == 0) {
      count = plan.isJoined(answerSet) ? Integer.MAX_VALUE : 1;
    }
    if (count == 1) {
      fillOne(plan.endpoint(context.selection, v4), answers);
    } else if (count == Integer.MAX_VALUE) {
      octets = answers.rrset(answerSet, v4);
      length = octets.length;
      endpoints = plan.endpoints(answerSet, v4);
      endpointCount = endpoints.length;
    } else {
      fillSome(plan.sample(service, context.selection, v4, drawn), answers);
    }
  }

  private void fillOne(int endpoint, EncodedAnswers answers) {
    octets = endpoint < 0 ? NONE : answers.record(endpoint);
    length = octets.length;
    endpoints = one;
    one[0] = endpoint;
    endpointCount = endpoint < 0 ? 0 : 1;
  }

  private void fillSome(int count, EncodedAnswers answers) {
    octets = joined;
    length = 0;
    endpoints = drawn;
    endpointCount = count;
    for (int i = 0; i < count; i++) {
      byte[] record = answers.record(drawn[i]);
      System.arraycopy(record, 0, joined, length, record.length);
      length += record.length;
    }
  }
}
