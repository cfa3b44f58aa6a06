package dev.pushgateway.jetty;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIGHUP, which would end the JVM otherwise.
 *
 * <p>Java has no supported API for signals. {@code sun.misc.Signal} is in each JDK; it is called by
 * reflection because the compiler warns of it, and no option stops that warning.
 */
final class HangUp {
  private HangUp() {}

  /**
   * Runs something at each SIGHUP from now on, on a thread of its own. Does nothing if the JVM or
   * the system has no such signal, or if the JVM may not handle it ({@code -Xrs}).
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
            throw new UnsupportedOperationException(method.getName()); // Of Object: not needed.
          }
          act.run();
          return null;
        });
  }

  /** The logger, not asked for unless there is something to say. */
  private static Logger log() {
    return LoggerFactory.getLogger(HangUp.class);
  }
}
