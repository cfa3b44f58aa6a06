package dev.pushgateway.jetty;

import java.util.List;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.Scheduler;

/** A connector the selectors of which are read by threads of the server's {@link Handover}. */
final class HandoverConnector extends ServerConnector {
  /**
   * A connector that is not open yet.
   *
   * @param server that has a {@link Handover}, running or not
   * @param selectors how many threads can read, and serve what is brief, at a time
   */
  HandoverConnector(Server server, int selectors, List<ConnectionFactory> protocols) {
    super(server, null, null, null, -1, selectors, protocols.toArray(new ConnectionFactory[0]));
  }

  /** Nothing else goes through the handover: HTTP/2, which reads within a read, has the pool. */
  @Override
  protected SelectorManager newSelectorManager(
      Executor executor, Scheduler scheduler, int selectors) {
    Handover handover = getServer().getBean(Handover.class); // No field is set yet.
    return super.newSelectorManager(handover, scheduler, selectors);
  }
}
