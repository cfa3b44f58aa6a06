package dev.pushgateway.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.function.IntFunction;

/**
 * Pushes over several connections at once from one thread, each connection sending its next push as
 * soon as the last was answered. One thread and a selector cost less than a thread a connection.
 */
final class ManyConnections {
  private static final int RESPONSE_BYTES = 16 << 10;
  private static final long SELECT_MILLIS = 100;

  private final int port;
  private final int connections;

  /** Makes the request with a number from 0; called in order. */
  private final IntFunction<byte[]> requests;

  private int sent;
  private int done;

  /**
   * What was achieved.
   *
   * @param done requests answered with success
   * @param seconds it took
   */
  record Outcome(int done, double seconds) {
    double perSecond() {
      return done / seconds;
    }
  }

  /** A connection's state: what is left to send, and what has come of the response. */
  private static final class Exchange {
    ByteBuffer request = ByteBuffer.allocate(0);
    final ByteBuffer response = ByteBuffer.allocate(RESPONSE_BYTES);
  }

  ManyConnections(int port, int connections, IntFunction<byte[]> requests) {
    this.port = port;
    this.connections = connections;
    this.requests = requests;
  }

  /** Sends until so many requests are answered or the time is over. */
  Outcome run(int maxRequests, double maxSeconds) throws IOException {
    sent = 0;
    done = 0;
    long start = System.nanoTime();
    long deadline = start + (long) (maxSeconds * 1e9);
    try (Selector selector = Selector.open()) {
      try {
        for (int i = 0; i < Math.min(connections, maxRequests); i++) {
          next(connect(selector));
        }
        while (done < maxRequests && System.nanoTime() < deadline) {
          selector.select(SELECT_MILLIS);
          Iterator<SelectionKey> ready = selector.selectedKeys().iterator();
          while (ready.hasNext()) {
            proceed(ready.next(), maxRequests);
            ready.remove();
          }
        }
      } finally {
        for (SelectionKey key : selector.keys()) {
          key.channel().close();
        }
      }
    }
    return new Outcome(done, (System.nanoTime() - start) / 1e9);
  }

  private SelectionKey connect(Selector selector) throws IOException {
    SocketChannel channel =
        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.configureBlocking(false);
    return channel.register(selector, SelectionKey.OP_READ, new Exchange());
  }

  private void next(SelectionKey key) throws IOException {
    Exchange exchange = (Exchange) key.attachment();
    exchange.request = ByteBuffer.wrap(requests.apply(sent++));
    exchange.response.clear();
    send(key, exchange);
  }

  private static void send(SelectionKey key, Exchange exchange) throws IOException {
    ((SocketChannel) key.channel()).write(exchange.request);
    int write = exchange.request.hasRemaining() ? SelectionKey.OP_WRITE : 0;
    int wanted = SelectionKey.OP_READ | write;
    if (key.interestOps() != wanted) {
      key.interestOps(wanted);
    }
  }

  private void proceed(SelectionKey key, int maxRequests) throws IOException {
    Exchange exchange = (Exchange) key.attachment();
    if (key.isWritable()) {
      send(key, exchange);
    }
    if (!key.isReadable()) {
      return;
    }
    if (((SocketChannel) key.channel()).read(exchange.response) < 0) {
      throw new EOFException("connection closed by the gateway");
    }
    if (isComplete(exchange)) {
      done++;
      if (sent < maxRequests) {
        next(key);
      } else {
        key.interestOps(0);
      }
    }
  }

  /** Whether the whole response is there: to a push it has a short body, or none. */
  private static boolean isComplete(Exchange exchange) throws IOException {
    byte[] bytes = exchange.response.array();
    int length = exchange.response.position();
    int bodyFrom = endOfHead(bytes, length);
    if (bodyFrom < 0) {
      return false;
    }
    if (bytes[9] != '2') {
      String text = new String(bytes, 0, length, StandardCharsets.UTF_8);
      throw new IOException(
          "refused: " + Connection.firstLine(exchange.request.array()) + "\n" + text);
    }
    return length - bodyFrom >= contentLength(bytes, bodyFrom);
  }

  private static int endOfHead(byte[] bytes, int length) {
    for (int i = 3; i < length; i++) {
      if (bytes[i] == '\n' && bytes[i - 1] == '\r' && bytes[i - 2] == '\n') {
        return i + 1;
      }
    }
    return -1;
  }

  private static int contentLength(byte[] bytes, int to) {
    for (int i = 0; i + 16 < to; i++) {
      // "ontent-Length: ": the first letter's case is the server's choice.
      if (bytes[i] == '-' && (bytes[i + 1] | 0x20) == 'l' && bytes[i + 7] == ':') {
        int value = 0;
        for (int at = i + 9; bytes[at] >= '0' && bytes[at] <= '9'; at++) {
          value = value * 10 + bytes[at] - '0';
        }
        return value;
      }
    }
    return 0;
  }
}
