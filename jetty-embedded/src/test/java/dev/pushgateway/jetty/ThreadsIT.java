package dev.pushgateway.jetty;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Threads that a burst needed end when it is over. */
final class ThreadsIT {
  private static final int PUSHES = 400;

  /** Of a body so long that the rest is waited for in a thread. */
  private static final int SENT_BYTES = 70_000;

  /** A minute, and time for a slow machine. */
  private static final long PATIENCE_SECONDS = 180;

  private static long threads(ServerProcess server) throws IOException {
    try (Stream<Path> tasks = Files.list(Path.of("/proc/" + server.pid() + "/task"))) {
      return tasks.count();
    }
  }

  @Test
  void shrinkAfterABurst() throws Exception {
    Assumptions.assumeTrue(Files.isDirectory(Path.of("/proc/self/task")), "no /proc");
    try (ServerProcess server = ServerProcess.listening()) {
      server.awaitReady();
      final long before = threads(server);
      long most = burst(server);
      assertTrue(most > before + 10, most + " threads after " + before);
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      long after = threads(server);
      while (after > before + 10 && System.nanoTime() < end) {
        Thread.sleep(1_000);
        after = threads(server);
      }
      assertTrue(after <= before + 10, after + " threads, before the burst " + before);
    }
  }

  /** Returns the highest number of threads while many pushes wait for the rest of their bodies. */
  private static long burst(ServerProcess server) throws Exception {
    byte[] head =
        "PUT /metrics/job/slow HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n"
            .getBytes(US_ASCII);
    List<Socket> sockets = new ArrayList<>();
    long most = 0;
    try {
      for (int i = 0; i < PUSHES; i++) {
        Socket socket = new Socket("127.0.0.1", server.uri("/").getPort());
        sockets.add(socket);
        socket.getOutputStream().write(head);
        socket.getOutputStream().write("#".repeat(SENT_BYTES).getBytes(US_ASCII));
        most = Math.max(most, threads(server));
      }
      return most;
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }
}
