package dev.pushgateway.handoff;

import java.util.List;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.Scheduler;

/** A connector whose selectors ask the server's {@link SelectorHandoff} for threads. */
public class HandoffConnector extends ServerConnector {
  /**
   * Creates a connector that is not open yet.
   *
   * @param server has a {@link SelectorHandoff} as a bean, running or not
   * @param selectors maximum number of threads that read, and serve small pushes, at the same time
   */
  public HandoffConnector(Server server, int selectors, List<ConnectionFactory> protocols) {
    super(server, null, null, null, -1, selectors, protocols.toArray(new ConnectionFactory[0]));
  }

  /**
   * Gives the handoff to the selectors only. HTTP/2 reads within a read, and keeps using the
   * server's threads.
   */
  @Override
  protected SelectorManager newSelectorManager(
      Executor executor, Scheduler scheduler, int selectors) {
    // The superclass's constructor calls this method before any field is set.
    SelectorHandoff handoff = getServer().getBean(SelectorHandoff.class);
    return super.newSelectorManager(handoff, scheduler, selectors);
  }
}
