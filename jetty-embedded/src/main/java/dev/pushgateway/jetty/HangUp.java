package dev.pushgateway.jetty;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles SIGHUP, which would otherwise end the JVM.
 *
 * <p>Java has no supported API for signals. Each JDK has {@code sun.misc.Signal}. It is called by
 * reflection, because no option stops the compiler's warning about it.
 */
final class HangUp {
  private HangUp() {}

  /**
   * Runs an action at each SIGHUP from now on, on a thread of its own. Does nothing if the JVM or
   * the system has no such signal, or if {@code -Xrs} forbids to handle it.
   */
  static void handle(Runnable act) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object hangUp = signal.getConstructor(String.class).newInstance("HUP");
      signal.getMethod("handle", signal, handler).invoke(null, hangUp, proxy(handler, act));
    } catch (ReflectiveOperationException e) {
      Throwable why = e instanceof InvocationTargetException ? e.getCause() : e;
      log().debug("SIGHUP is left to the JVM: {}", why.toString());
    }
  }

  private static Object proxy(Class<?> handler, Runnable act) {
    return Proxy.newProxyInstance(
        handler.getClassLoader(),
        new Class<?>[] {handler},
        (proxy, method, arguments) -> {
          if (!method.getName().equals("handle")) {
            throw new UnsupportedOperationException(method.getName()); // Not needed.
          }
          act.run();
          return null;
        });
  }

  /** Returns the logger. Loaded only when there is a line to log. */
  private static Logger log() {
    return LoggerFactory.getLogger(HangUp.class);
  }
}
