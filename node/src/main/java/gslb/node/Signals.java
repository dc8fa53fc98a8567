package gslb.node;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Proxy;

/// Signals of the operating system. The JDK hears them through a class outside its supported API,
/// so it is looked up by name; where there is none, the node runs on without.
final class Signals {
  private static final Logger LOGGER = System.getLogger(Signals.class.getName());

  private Signals() {}

  /// Runs the action, on a thread of its own, whenever the signal arrives.
  ///
  /// @param signal without `SIG`, as in `HUP`
  static void handle(String signal, Runnable action) {
    try {
      ClassLoader loader = ClassLoader.getSystemClassLoader();
      Class<?> type = Class.forName("sun.misc.Signal", true, loader);
      Class<?> handlerType = Class.forName("sun.misc.SignalHandler", true, loader);
      Object handler =
          Proxy.newProxyInstance(
              loader,
              new Class<?>[] {handlerType},
              (proxy, method, arguments) ->
                  switch (method.getName()) {
                    case "handle" -> {
                      Thread.ofPlatform().name("signal-" + signal).start(action);
                      yield null;
                    }
                    case "equals" ->
                        System.identityHashCode(arguments[0]) == System.identityHashCode(proxy);
                    case "hashCode" -> System.identityHashCode(proxy);
                    default -> "handler of SIG" + signal;
                  });
      MethodHandles.Lookup lookup = MethodHandles.publicLookup();
      Object wanted =
          lookup
              .findConstructor(type, MethodType.methodType(void.class, String.class))
              .invoke(signal);
      lookup
          .findStatic(type, "handle", MethodType.methodType(handlerType, type, handlerType))
          .invokeWithArguments(wanted, handler);
    } catch (Throwable e) {
      LOGGER.log(Level.WARNING, "SIG{0} cannot be heard: {1}", signal, e);
    }
  }
}
