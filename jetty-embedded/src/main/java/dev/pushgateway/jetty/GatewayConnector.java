package dev.pushgateway.jetty;

import dev.pushgateway.handoff.HandoffConnector;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;

/** A connector whose sockets can tell that their clients have gone. */
final class GatewayConnector extends HandoffConnector {
  GatewayConnector(Server server, int selectors, List<ConnectionFactory> protocols) {
    super(server, selectors, protocols);
  }

  @Override
  protected SocketChannelEndPoint newEndPoint(
      SocketChannel channel, ManagedSelector selector, SelectionKey key) {
    SocketChannelEndPoint socket =
        new ClientSocket(channel, selector, key, getScheduler(), getExecutor());
    socket.setIdleTimeout(getIdleTimeout());
    return socket;
  }
}
