package dev.pushgateway.soak;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * All that a client can do wrong, on purpose. Each method goes on until the end of its target, and
 * takes whatever happens to it for granted; only what the gateway answers is counted.
 */
final class HostileClients {
  /** They would take gigabytes to compile, or overflow the stack. */
  private static final List<String> LARGE_EXPRESSIONS =
      List.of(
          "\\\\Q[\\\\E((a{999}){999}){99}",
          "((a?){50}){60}b",
          "[[:alpha:]]{999}{999}",
          "(?i:(\\\\pL{900}){900})");

  /** Seconds for each long value. */
  private static final List<String> SLOW_EXPRESSIONS =
      List.of(".*(a{900}){9}b", ".*a.*a.*a.*b", "(a|aa|aaa)*b");

  private static final String PROTOBUF =
      "Content-Type: application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily;"
          + " encoding=delimited";

  /** One of them. */
  interface Attack {
    void run(Target target) throws IOException;
  }

  private final Map<String, Map<Integer, AtomicInteger>> answers = new ConcurrentHashMap<>();
  private final byte[] gzipBomb = Bombs.gzip(1_000);
  private final byte[] snappyBomb = Bombs.snappy(200);

  /** How many connections {@link #idle} holds. */
  private final int idleConnections;

  private final AtomicInteger fillings = new AtomicInteger();

  HostileClients(int idleConnections) throws IOException {
    this.idleConnections = idleConnections;
  }

  /** By name. */
  Map<String, Attack> attacks() {
    Map<String, Attack> attacks = new LinkedHashMap<>();
    attacks.put("idle connections", this::idle);
    attacks.put("slow headers", target -> hold(target, 200, Target.ascii("GET /met"), 'x'));
    attacks.put(
        "slow bodies",
        target -> hold(target, 300, Target.head("PUT", "/metrics/job/slow", 1 << 20), '#'));
    attacks.put("slow readers", this::slowReaders);
    attacks.put("impatient readers", this::impatientReaders);
    attacks.put("slow HTTP/2 streams", target -> hold(target, 20, Http2Frames.manyStreams(50), 0));
    attacks.put("half-closed", this::halfClosed);
    attacks.put("random bytes", this::randomBytes);
    attacks.put("random bodies", this::randomBodies);
    attacks.put(
        "gzip bomb", target -> repeat(target, "gzip bomb", "/metrics/job/bomb", gzipBomb, "gzip"));
    attacks.put(
        "snappy bomb",
        target -> repeat(target, "snappy bomb", "/metrics/job/bomb", snappyBomb, "snappy"));
    attacks.put(
        "large push",
        target -> repeat(target, "large push", "/metrics/job/large", largeBody(), "identity"));
    attacks.put(
        "huge labels",
        target ->
            repeat(target, "huge labels", "/metrics/job/" + "x".repeat(60_000), lines(), "none"));
    attacks.put("conflicting types", this::conflictingTypes);
    attacks.put("many groups", this::manyGroups);
    attacks.put("listings", this::listings);
    attacks.put("large expressions", target -> expressions(target, LARGE_EXPRESSIONS));
    attacks.put("slow expressions", target -> expressions(target, SLOW_EXPRESSIONS));
    attacks.put("long lines", this::longLines);
    attacks.put("broken heads", this::brokenHeads);
    return attacks;
  }

  /** Selects by regular expressions, and leaves after a moment. */
  private void expressions(Target target, List<String> expressions) throws IOException {
    while (!target.isOver()) {
      for (String expression : expressions) {
        String selector = URLEncoder.encode("{v=~\"" + expression + "\"}", UTF_8);
        try (Socket socket = target.connect()) {
          String path = "/api/v1/metrics?match%5B%5D=" + selector;
          socket.getOutputStream().write(Target.head("GET", path, 0));
          Target.pause(50);
        }
      }
    }
  }

  /** Pushes few series whose labels are long, in one family. */
  private void longLines(Target target) {
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      body.append("filling{v=\"").append("a".repeat(60_000)).append(i).append("\"} 1\n");
    }
    repeat(target, "long lines", "/metrics/job/long", Target.ascii(body.toString()), "identity");
  }

  private void brokenHeads(Target target) throws IOException {
    List<String> fields =
        List.of(
            "Host: a\r\nHost: " + "b".repeat(50_000),
            "Host: h\r\nTransfer-Encoding: gzip, chunked",
            "Host: h\r\nContent-Length: 1\r\nContent-Length: 2",
            "Host: h\r\nContent-Length: -1");
    while (!target.isOver()) {
      for (String lines : fields) {
        try (Socket socket = target.connect()) {
          OutputStream out = socket.getOutputStream();
          out.write(Target.ascii("PUT /metrics/job/head HTTP/1.1\r\n" + lines + "\r\n\r\n"));
          count("broken heads", Target.status(socket.getInputStream()));
        } catch (IOException | NumberFormatException e) {
          count("broken heads", 0);
        }
      }
      Target.pause(20);
    }
  }

  /** Status codes by attack. 0: the connection was closed without an answer. */
  String report() {
    StringBuilder text = new StringBuilder();
    new TreeMap<>(answers)
        .forEach(
            (name, counts) ->
                text.append("  ").append(name).append(": ").append(counts).append('\n'));
    return text.toString();
  }

  private void count(String name, int status) {
    answers
        .computeIfAbsent(name, key -> new ConcurrentHashMap<>())
        .computeIfAbsent(status, key -> new AtomicInteger())
        .incrementAndGet();
  }

  private void send(
      String name, Target target, String method, String path, byte[] body, String... headers) {
    int status = 0;
    try {
      status = target.send(method, path, body, headers);
    } catch (IOException | NumberFormatException e) {
      // Closed without an answer.
    }
    count(name, status);
  }

  private void repeat(Target target, String name, String path, byte[] body, String encoding) {
    while (!target.isOver()) {
      send(name, target, "PUT", path, body, "Content-Encoding: " + encoding);
      Target.pause(200);
    }
  }

  /** Opens connections and does nothing with them, again whenever one is closed. */
  private void idle(Target target) throws IOException {
    List<Socket> sockets = new ArrayList<>();
    try {
      while (!target.isOver()) {
        while (sockets.size() < idleConnections && !target.isOver()) {
          sockets.add(target.connect());
        }
        dropClosed(sockets);
        Target.pause(500);
      }
    } finally {
      close(sockets);
    }
  }

  /** Reads nothing unless it is there; a closed socket has an end to be read. */
  private static void dropClosed(List<Socket> sockets) {
    for (int i = sockets.size() - 1; i >= 0; i--) {
      try {
        sockets.get(i).setSoTimeout(1);
        if (i % 16 == 0 && sockets.get(i).getInputStream().read() < 0) {
          sockets.remove(i).close();
        }
      } catch (IOException e) {
        // A timeout: it is still open.
      }
    }
  }

  private static void close(List<Socket> sockets) {
    for (Socket socket : sockets) {
      try {
        socket.close();
      } catch (IOException e) {
        // Closed in any case.
      }
    }
  }

  /** Sends the start of something on many connections, and then a byte now and then. */
  private void hold(Target target, int connections, byte[] start, int drip) throws IOException {
    List<Socket> sockets = new ArrayList<>();
    try {
      while (!target.isOver()) {
        while (sockets.size() < connections && !target.isOver()) {
          Socket socket = target.connect();
          socket.getOutputStream().write(start);
          sockets.add(socket);
        }
        for (int i = sockets.size() - 1; i >= 0; i--) {
          try {
            sockets.get(i).getOutputStream().write(drip);
          } catch (IOException e) {
            sockets.remove(i).close();
          }
        }
        Target.pause(500);
      }
    } finally {
      close(sockets);
    }
  }

  /** Ask for everything, and read next to nothing of it. */
  private void slowReaders(Target target) throws IOException {
    List<Socket> sockets = new ArrayList<>();
    try {
      while (!target.isOver()) {
        while (sockets.size() < 60 && !target.isOver()) {
          Socket socket = target.connect(4 << 10);
          socket.getOutputStream().write(Target.ascii("GET /metrics HTTP/1.1\r\nHost: h\r\n\r\n"));
          sockets.add(socket);
        }
        for (int i = sockets.size() - 1; i >= 0; i--) {
          try {
            sockets.get(i).setSoTimeout(1);
            if (sockets.get(i).getInputStream().read(new byte[16]) < 0) {
              sockets.remove(i).close();
            }
          } catch (SocketTimeoutException e) {
            // It waits for its turn.
          } catch (IOException e) {
            sockets.remove(i).close();
          }
        }
        Target.pause(100);
      }
    } finally {
      close(sockets);
    }
  }

  /** Asks for everything, a hundred times a second, and does not wait for an answer. */
  private void impatientReaders(Target target) throws IOException {
    while (!target.isOver()) {
      try (Socket socket = target.connect()) {
        socket.getOutputStream().write(Target.ascii("GET /metrics HTTP/1.1\r\nHost: h\r\n\r\n"));
        Target.pause(10);
      }
    }
  }

  /** Ends its side, or all of the connection, in the middle of a request. */
  private void halfClosed(Target target) throws IOException {
    Random random = new Random(1);
    byte[] request = Target.head("PUT", "/metrics/job/half", 100);
    while (!target.isOver()) {
      try (Socket socket = target.connect()) {
        socket.getOutputStream().write(request, 0, random.nextInt(request.length) + 1);
        if (random.nextBoolean()) {
          socket.shutdownOutput();
          count("half-closed", Target.status(socket.getInputStream()));
        } else {
          socket.setSoLinger(true, 0); // Ends with a reset.
        }
      } catch (IOException | NumberFormatException e) {
        count("half-closed", 0);
      }
    }
  }

  private void randomBytes(Target target) throws IOException {
    Random random = new Random(2);
    while (!target.isOver()) {
      byte[] bytes = new byte[1 + random.nextInt(2_000)];
      random.nextBytes(bytes);
      try (Socket socket = target.connect()) {
        OutputStream out = socket.getOutputStream();
        out.write(random.nextBoolean() ? Target.ascii("PUT /metrics/job/") : new byte[0]);
        out.write(bytes);
        socket.shutdownOutput();
        InputStream in = socket.getInputStream();
        count("random bytes", Target.status(in));
      } catch (IOException | NumberFormatException e) {
        count("random bytes", 0);
      }
    }
  }

  private void randomBodies(Target target) {
    Random random = new Random(3);
    while (!target.isOver()) {
      byte[] body = new byte[random.nextInt(20_000)];
      random.nextBytes(body);
      String[] header = {
        new String[] {PROTOBUF, "Content-Encoding: gzip", "Content-Encoding: snappy", "X: y"}
            [random.nextInt(4)]
      };
      send("random bodies", target, "POST", "/metrics/job/random", body, header);
    }
  }

  /** Near the largest that is allowed; most of it in small series. */
  private static byte[] largeBody() {
    StringBuilder text = new StringBuilder(60 << 20);
    for (int i = 0; text.length() < 58 << 20; i++) {
      text.append("large{a=\"").append(i).append("\"} 1\n");
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] lines() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 50_000; i++) {
      text.append("huge{a=\"").append(i).append("\"} 1\n");
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private void conflictingTypes(Target target) {
    String[] types = {"counter", "gauge", "untyped"};
    for (int i = 0; !target.isOver(); i++) {
      String body = "# TYPE good_rows_total " + types[i % 3] + "\ngood_rows_total 1\n";
      String path = "/metrics/job/conflict/i/" + i % 7;
      send("conflicting types", target, "POST", path, Target.ascii(body));
      send("conflicting types", target, "PUT", path, Target.ascii("good_rows{job=\"x\"} 1\n# {"));
    }
  }

  /** Fills the store with groups, and deletes some when it is full. */
  private void manyGroups(Target target) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 5_000; i++) {
      text.append("filling{series=\"").append("s".repeat(80)).append(i).append("\"} 1\n");
    }
    byte[] body = Target.ascii(text.toString());
    while (!target.isOver()) {
      int i = fillings.incrementAndGet();
      send("many groups", target, "PUT", "/metrics/job/filling/i/" + i, body);
      send("many groups", target, "PUT", "/metrics/job/small/i/" + i, Target.ascii("small 1\n"));
      if (i % 8 == 0) {
        send("deletions", target, "DELETE", "/metrics/job/filling/i/" + i / 2, new byte[0]);
      }
    }
  }

  private void listings(Target target) {
    String[] paths = {
      "/api/v1/metrics",
      "/api/v1/metrics?match[]=%7B__name__=~%22.*(a%7Cb)*%22%7D",
      "/metrics?name[]=good_rows",
      "/",
      "/api/v1/metrics?fields=groups&sort=bytes&count=true"
    };
    for (int i = 0; !target.isOver(); i++) {
      send("listings", target, "GET", paths[i % paths.length], new byte[0]);
      Target.pause(100);
    }
  }

  /** Deletes what was stored by {@link #manyGroups}. */
  void deleteFillings(Target target) throws IOException {
    for (int i = fillings.get(); i > 0; i--) {
      target.send("DELETE", "/metrics/job/filling/i/" + i, new byte[0]);
      target.send("DELETE", "/metrics/job/small/i/" + i, new byte[0]);
    }
    fillings.set(0);
  }
}
