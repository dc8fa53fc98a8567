package gslb.dns.listen;

import java.nio.channels.Channel;
import java.util.OptionalInt;

/// The descriptor below a channel of the JDK, which has socket options that the JDK does not offer.
final class ChannelDescriptor {
  private ChannelDescriptor() {}

  /// Empty where the JDK does not show it: `sun.nio.ch` must be open (gslb.jvmopts).
  static OptionalInt of(Channel channel) {
    try {
      Class<?> withDescriptor = Class.forName("sun.nio.ch.SelChImpl");
      return OptionalInt.of((int) withDescriptor.getMethod("getFDVal").invoke(channel));
    } catch (ReflectiveOperationException | RuntimeException e) {
      return OptionalInt.empty();
    }
  }
}
