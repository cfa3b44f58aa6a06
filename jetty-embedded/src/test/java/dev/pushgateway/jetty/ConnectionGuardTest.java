package dev.pushgateway.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.gateway.WebLimits;
import dev.pushgateway.handoff.SelectorHandoff;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.TryExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients over real sockets that hold connections without using them. */
@Timeout(300)
class ConnectionGuardTest {
  private static final int TIMEOUT_MILLIS = 120_000;

  private static final byte[] PIECE = new byte[64 << 10];

  /** More than sockets have room for. */
  private static final int PIECES = 1_000;

  private static final byte[] HALF = new byte[10];
  private static final Duration SHORT = Duration.ofMillis(300);

  /** For clients that must not be cut off: a busy processor may keep them waiting. */
  private static final Duration LONGER = Duration.ofSeconds(1);

  private static final int THREADS = 400;

  /** More than the first bytes of a body, which are waited for without a thread. */
  private static final byte[] BURST = new byte[BodyCollector.MAX_BYTES + 6_000];

  private final Server server = new Server(new QueuedThreadPool(THREADS));
  private final HttpConfiguration http = new HttpConfiguration();
  private final ServerConnector connector =
      new ServerConnector(
          server, new HttpConnectionFactory(http), new HTTP2CServerConnectionFactory(http));
  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicInteger busy = new AtomicInteger();
  private final CountDownLatch late = new CountDownLatch(1);
  private final List<Socket> sockets = new ArrayList<>();

  /** Reads all of a body, or writes a long answer, or takes its time. */
  private final class Patient extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      begun.incrementAndGet();
      busy.incrementAndGet();
      try {
        request.getInputStream().readAllBytes();
        if (request.getRequestURI().equals("/long")) {
          for (int i = 0; i < PIECES; i++) {
            response.getOutputStream().write(PIECE);
          }
        } else if (request.getRequestURI().equals("/halves")) {
          response.setContentLength(2 * HALF.length);
          response.getOutputStream().write(HALF);
          response.flushBuffer();
          Thread.sleep(2 * LONGER.toMillis());
          response.getOutputStream().write(HALF);
        } else if (request.getRequestURI().equals("/late")) {
          boolean ignored = late.await(4 * LONGER.toMillis(), TimeUnit.MILLISECONDS);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (IOException e) {
        response.setStatus(408);
      } finally {
        busy.decrementAndGet();
      }
    }
  }

  private void start(long maxConnections, Duration requestTimeout) throws Exception {
    connector.setHost("127.0.0.1");
    connector.setAcceptQueueSize(1_000);
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler();
    context.addServlet(new ServletHolder(new Patient()), "/*");
    BodyCollector collector =
        new BodyCollector(
            Long.MAX_VALUE,
            new SelectorHandoff((TryExecutor) server.getThreadPool(), SelectorHandoff.PATIENCE));
    collector.setHandler(context);
    server.setHandler(collector);
    server.addBean(
        new ConnectionGuard(
            server,
            new WebLimits(8 << 10, maxConnections, Duration.ofMinutes(1), requestTimeout, 512)));
    server.start();
  }

  @AfterEach
  void stop() throws Exception {
    for (Socket socket : sockets) {
      socket.close();
    }
    server.stop();
  }

  private Socket send(String head, byte[] body) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4 << 10);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.connect(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), connector.getLocalPort()));
    sockets.add(socket);
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().write(body);
    return socket;
  }

  private Socket get(String path) throws IOException {
    return send("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n", new byte[0]);
  }

  private Socket put(int length, byte[] start) throws IOException {
    return send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: " + length + "\r\n\r\n", start);
  }

  /** What there is to be read until the other side ends it, one way or the other. */
  private static String everything(Socket socket) {
    StringBuilder text = new StringBuilder();
    try {
      InputStream in = socket.getInputStream();
      byte[] buffer = new byte[8 << 10];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        text.append(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
      }
    } catch (IOException e) {
      assertTrue(e.getMessage().contains("reset"), e.toString());
    }
    return text.toString();
  }

  /** Some MB a second, so that it takes longer than the test. */
  private static void readSteadily(Socket socket) {
    try {
      while (socket.getInputStream().readNBytes(8 << 10).length > 0) {
        Thread.sleep(2);
      }
    } catch (IOException | InterruptedException e) {
      // Cut off, which the test sees.
    }
  }

  /** Waits for requests to begin; the guard may have ended some of them meanwhile. */
  private void awaitBegun(int count) throws InterruptedException {
    while (begun.get() < count) {
      Thread.sleep(10);
    }
  }

  private void awaitBusy(int count) throws InterruptedException {
    while (busy.get() != count) {
      Thread.sleep(10);
    }
  }

  @Test
  void headThatDoesNotEndIsA408() throws Exception {
    start(100, SHORT);
    String answer = everything(send("GET / HTTP/1.1\r\nHo", new byte[0]));
    assertTrue(answer.startsWith("HTTP/1.1 408 Request Timeout\r\n"), answer);
    assertTrue(answer.endsWith("\r\n\r\nThe headers arrived too slowly.\n"), answer);
  }

  @Test
  void bodyThatStopsAfterABurstIsA408_andAllOfItsThreads() throws Exception {
    start(100, SHORT);
    String answer = everything(put(1 << 20, BURST));
    assertTrue(answer.startsWith("HTTP/1.1 408 Request Timeout\r\n"), answer);
    awaitBusy(0);
  }

  @Test
  void bodyThatIsWaitedForWithoutAThreadEndsAsWell() throws Exception {
    start(100, SHORT);
    String answer = everything(put(1_000, new byte[10]));
    assertTrue(answer.isEmpty() || answer.startsWith("HTTP/1.1 408 "), answer);
    awaitBusy(0);
  }

  @Test
  void answerThatNobodyReadsIsCutOff() throws Exception {
    start(100, SHORT);
    Socket reader = get("/long");
    awaitBusy(1);
    awaitBusy(0);
    assertTrue(everything(reader).length() < PIECES * PIECE.length);
  }

  /** Settings, {@code GET /long}, and never leave to send more than the first 64 KiB. */
  @Test
  void answerThatHasNoLeaveToGoOnIsCutOff() throws Exception {
    start(100, SHORT);
    byte[] frames =
        HexFormat.of()
            .parseHex(
                "000000040000000000" + "000010010500000001" + "020347455404052f6c6f6e6786010178");
    Socket reader = send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", frames);
    awaitBusy(1);
    awaitBusy(0);
    assertTrue(everything(reader).length() < 100_000);
  }

  /** Issue 20: a connection counted as one reader, however many responses it left unread. */
  @Test
  void unreadAnswersOfOneConnectionAllCount() throws Exception {
    start(100, Duration.ofMinutes(1));
    StringBuilder frames = new StringBuilder("000000040000000000");
    for (int i = 0; i <= ConnectionGuard.MAX_READERS; i++) {
      frames.append("0000100105%08x".formatted(2 * i + 1));
      frames.append("020347455404052f6c6f6e6786010178");
    }
    Socket reader =
        send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", HexFormat.of().parseHex(frames.toString()));
    awaitBegun(ConnectionGuard.MAX_READERS + 1);
    awaitBusy(0);
    assertTrue(everything(reader).length() < 100_000);
  }

  @Test
  void timeThatTheServerTakesDoesNotCount() throws Exception {
    start(100, LONGER);
    Socket socket = get("/late");
    byte[] start = socket.getInputStream().readNBytes(15);
    assertEquals("HTTP/1.1 200 OK", new String(start, StandardCharsets.US_ASCII));
  }

  /** Its last bytes go when there has been an answer for a while, and no request. */
  @Test
  void restOfAnAnswerIsNoRequestThatHasBegun() throws Exception {
    start(100, LONGER);
    String request = "GET /halves HTTP/1.1\r\nHost: x\r\n\r\n";
    Socket socket = send(request, new byte[0]);
    for (int i = 0; i < 2; i++) {
      assertEquals("HTTP/1.1 200 OK", readAnswer(socket));
      Thread.sleep(4 * LONGER.toMillis());
      assertEquals(0, socket.getInputStream().available(), "nobody has asked");
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    }
  }

  /** Settings and {@code GET /}, whose answer is read; then a ping now and then. */
  @Test
  void pingsAreNoRequestThatHasBegun() throws Exception {
    start(100, LONGER);
    byte[] frames =
        HexFormat.of().parseHex("000000040000000000" + "000006010500000001" + "828684410178");
    Socket socket = send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", frames);
    byte[] ping = HexFormat.of().parseHex("000008060000000000" + "0102030405060708");
    byte[] answer = HexFormat.of().parseHex("000008060100000000" + "0102030405060708");
    readToEndOfStream(socket.getInputStream());
    for (int i = 0; i < 6; i++) {
      socket.getOutputStream().write(ping);
      assertEquals(
          HexFormat.of().formatHex(answer),
          HexFormat.of().formatHex(socket.getInputStream().readNBytes(answer.length)));
      Thread.sleep(LONGER.toMillis());
    }
  }

  /** Reads frames up to the one that is the last of an answer. */
  private static void readToEndOfStream(InputStream in) throws IOException {
    ByteBuffer head;
    do {
      head = ByteBuffer.wrap(in.readNBytes(9));
      in.readNBytes(head.getInt(0) >>> 8);
    } while (head.getInt(5) == 0 || (head.get(4) & 1) == 0);
  }

  /** Reads an answer of two halves; returns its first line. */
  private static String readAnswer(Socket socket) throws IOException {
    StringBuilder head = new StringBuilder();
    while (!head.toString().endsWith("\r\n\r\n")) {
      head.append((char) socket.getInputStream().read());
    }
    assertEquals(2 * HALF.length, socket.getInputStream().readNBytes(2 * HALF.length).length);
    return head.substring(0, head.indexOf("\r"));
  }

  @Test
  void ofManySlowReadersAFewAreLeft_theFastestAmongThem() throws Exception {
    start(100, Duration.ofMinutes(1));
    Socket fast = get("/long");
    Thread reading = new Thread(() -> readSteadily(fast));
    reading.setDaemon(true);
    reading.start();
    for (int i = 0; i < 3 * ConnectionGuard.MAX_READERS; i++) {
      get("/long");
    }
    awaitBegun(3 * ConnectionGuard.MAX_READERS + 1);
    awaitBusy(ConnectionGuard.MAX_READERS);
    Thread.sleep(600); // No more than these.
    assertEquals(ConnectionGuard.MAX_READERS, busy.get());
    assertTrue(reading.isAlive());
  }

  @Test
  void ofManySlowSendersHalfOfThePushesAreLeft() throws Exception {
    start(1_000, Duration.ofMinutes(1));
    for (int i = 0; i < ConnectionGuard.MAX_SENDERS + 30; i++) {
      put(1 << 20, BURST);
    }
    awaitBegun(ConnectionGuard.MAX_SENDERS + 30);
    awaitBusy(ConnectionGuard.MAX_SENDERS);
  }

  @Test
  void idleConnectionsMakeRoom_thoseFirstThatNeverHadARequest() throws Exception {
    start(20, Duration.ofMinutes(1));
    Socket used = get("/");
    assertEquals(12, used.getInputStream().readNBytes(12).length);
    for (int i = 0; i < 40; i++) {
      send("", new byte[0]);
    }
    while (connector.getConnectedEndPoints().size() > 20) {
      Thread.sleep(10);
    }
    used.getOutputStream()
        .write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    Socket late = get("/");
    assertEquals(12, late.getInputStream().readNBytes(12).length, "new ones are always taken");
    assertTrue(connector.getConnectedEndPoints().size() >= 18, "no more than need be");
  }
}
