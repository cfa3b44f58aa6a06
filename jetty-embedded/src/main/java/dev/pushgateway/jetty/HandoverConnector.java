package dev.pushgateway.jetty;

import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.io.SocketChannelEndPoint;
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

  @Override
  protected SocketChannelEndPoint newEndPoint(
      SocketChannel channel, ManagedSelector selector, SelectionKey key) {
    Handover handover = getServer().getBean(Handover.class);
    EndPoint endPoint = new EndPoint(channel, selector, key, getScheduler(), handover);
    endPoint.setIdleTimeout(getIdleTimeout());
    return endPoint;
  }

  /** A connection of which all that a selector's thread does for it is watched. */
  private static final class EndPoint extends SocketChannelEndPoint {
    private final Handover handover;

    /** What was done last, and that as it is watched: mostly the same again. */
    private Runnable task;

    private Runnable watchedTask;

    EndPoint(
        SocketChannel channel,
        ManagedSelector selector,
        SelectionKey key,
        Scheduler scheduler,
        Handover handover) {
      super(channel, selector, key, scheduler);
      this.handover = handover;
    }

    @Override
    public Runnable onSelected() {
      Runnable next = super.onSelected();
      if (next == null) {
        return null;
      }
      if (next != task) {
        task = next;
        watchedTask = handover.watched(next);
      }
      return watchedTask;
    }
  }
}
