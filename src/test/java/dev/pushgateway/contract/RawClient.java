package dev.pushgateway.contract;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Sends requests whose path is what the caller wrote, to the byte; other clients clean it, or
 * refuse it. A connection for each request; on the loopback interface only.
 */
public final class RawClient {
  private static final int TIMEOUT_MILLIS = 120_000;
  private static final int BUFFER_BYTES = 8 << 10;
  private static final int PAUSE_MILLIS = 20;
  private static final String CRLF = "\r\n";

  private final int port;

  public RawClient(int port) {
    this.port = port;
  }

  /** Sends a request without a body. */
  public Answer send(String method, String path) throws IOException {
    return send(method, path, Map.of(), new byte[0]);
  }

  /** Sends a request with a body of text. */
  public Answer send(String method, String path, String body) throws IOException {
    return send(method, path, Map.of(), body.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Sends a request.
   *
   * @param path as it goes over the wire; characters above 0x7F as UTF-8
   */
  public Answer send(String method, String path, Map<String, String> headers, byte[] body)
      throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      ByteArrayOutputStream request = new ByteArrayOutputStream();
      request.write(head(method, path, headers, body.length));
      request.write(body);
      socket.getOutputStream().write(request.toByteArray());
      return read(everything(socket.getInputStream()));
    }
  }

  /**
   * Asks again and again, for a minute, until the answer is as it should be. Nobody need listen
   * yet.
   */
  public Answer await(String method, String path, Predicate<Answer> wanted) throws Exception {
    long start = System.nanoTime();
    String last = "";
    while (System.nanoTime() - start < TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MILLIS)) {
      try {
        Answer answer = send(method, path);
        if (wanted.test(answer)) {
          return answer;
        }
        last = answer.toString();
      } catch (ConnectException e) {
        last = e.getMessage();
      }
      Thread.sleep(PAUSE_MILLIS);
    }
    throw new AssertionError(method + " " + path + " is still answered with " + last);
  }

  private byte[] head(String method, String path, Map<String, String> headers, int length) {
    StringBuilder head = new StringBuilder();
    head.append(method).append(' ').append(path).append(" HTTP/1.1").append(CRLF);
    head.append("Host: 127.0.0.1:").append(port).append(CRLF);
    head.append("Connection: close").append(CRLF);
    head.append("Content-Length: ").append(length).append(CRLF);
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append(CRLF));
    return head.append(CRLF).toString().getBytes(StandardCharsets.UTF_8);
  }

  /** A server that refuses a head does not read the rest, and its system resets the connection. */
  private static byte[] everything(InputStream in) throws IOException {
    ByteArrayOutputStream response = new ByteArrayOutputStream();
    byte[] buffer = new byte[BUFFER_BYTES];
    try {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        response.write(buffer, 0, count);
      }
    } catch (SocketException e) {
      if (response.size() == 0) {
        throw e;
      }
    }
    return response.toByteArray();
  }

  private static Answer read(byte[] response) throws IOException {
    InputStream in = new ByteArrayInputStream(response);
    String statusLine = line(in);
    String[] words = statusLine.split(" ", 3);
    if (words.length < 2) {
      throw new IOException("not an HTTP response: " + statusLine);
    }
    Map<String, String> headers = new HashMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).trim());
    }
    boolean chunked = "chunked".equalsIgnoreCase(headers.get("transfer-encoding"));
    byte[] body = chunked ? joinedChunks(in) : in.readAllBytes();
    if (body.length < Integer.parseInt(headers.getOrDefault("content-length", "0"))) {
      throw new EOFException("the body ended after " + body.length + " bytes: " + headers);
    }
    return new Answer(Integer.parseInt(words[1]), headers, body);
  }

  private static byte[] joinedChunks(InputStream in) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      int length = Integer.parseInt(line(in), 16);
      if (length == 0) {
        return body.toByteArray();
      }
      body.write(in.readNBytes(length));
      line(in);
    }
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the connection ended within a line: " + line);
      }
      line.write(b);
    }
    return line.toString(StandardCharsets.ISO_8859_1).trim();
  }
}
