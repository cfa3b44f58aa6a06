package dev.pushgateway.jetty;

import dev.pushgateway.gateway.SettingsException;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * A host and a port in Go's syntax: {@code :9091}, {@code 127.0.0.1:0}, {@code [::1]:9091}, {@code
 * localhost:http}.
 *
 * @param host empty for all interfaces
 * @param port 0 to 65535; 0 for any free port
 */
record ListenAddress(String host, int port) {
  private static final Path SERVICES = Path.of("/etc/services");
  private static final int MAX_PORT = 65_535;

  /**
   * Parses an address without looking up the host.
   *
   * @throws SettingsException for a malformed address
   */
  static ListenAddress parse(String text) throws SettingsException {
    if (text.startsWith("vsock://")) {
      throw wrong(text, "vsock is not supported");
    }
    int colon = text.lastIndexOf(':');
    if (colon < 0 || text.endsWith("]")) {
      throw wrong(text, "missing port in address");
    }
    return new ListenAddress(host(text, text.substring(0, colon)), port(text, colon + 1));
  }

  private static String host(String text, String host) throws SettingsException {
    if (host.startsWith("[") && host.endsWith("]")) {
      return host.substring(1, host.length() - 1);
    }
    if (host.indexOf(':') >= 0) {
      throw wrong(text, "too many colons in address; an IPv6 address needs brackets");
    }
    if (host.indexOf('[') >= 0 || host.indexOf(']') >= 0) {
      throw wrong(text, "unexpected bracket in address");
    }
    return host;
  }

  private static int port(String text, int from) throws SettingsException {
    String port = text.substring(from);
    if (port.isEmpty()) {
      return 0; // Go does the same.
    }
    if (!port.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return service(port).orElseThrow(() -> wrong(text, "unknown port \"" + port + "\""));
    }
    if (port.length() > 5 || Integer.parseInt(port) > MAX_PORT) {
      throw wrong(text, "invalid port, the greatest is " + MAX_PORT);
    }
    return Integer.parseInt(port);
  }

  private static SettingsException wrong(String text, String why) {
    return new SettingsException("cannot listen on \"" + text + "\": " + why);
  }

  /** Returns the port of a named TCP service, from the system's list or a short built-in one. */
  private static OptionalInt service(String name) {
    String wanted = name.toLowerCase(Locale.ROOT);
    for (String line : services()) {
      List<String> words = List.of(line.split("#", -1)[0].trim().split("\\s+"));
      int at = words.indexOf(wanted);
      if (at >= 0 && at != 1 && words.size() > 1 && words.get(1).endsWith("/tcp")) {
        return OptionalInt.of(Integer.parseInt(words.get(1).replace("/tcp", "")));
      }
    }
    return OptionalInt.empty();
  }

  private static List<String> services() {
    try {
      return Files.readAllLines(SERVICES, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      // A system without the list, such as a small container image: the same two services as in Go.
      return List.of("http 80/tcp", "https 443/tcp");
    }
  }

  /** Looks up the host and returns the address to bind a socket to. */
  InetSocketAddress resolve() throws UnknownHostException {
    return host.isEmpty()
        ? new InetSocketAddress(port)
        : new InetSocketAddress(InetAddress.getByName(host), port);
  }

  /** Formats a bound address as Go prints it. */
  static String format(InetSocketAddress address) {
    InetAddress ip = address.getAddress();
    if (ip.isAnyLocalAddress()) {
      return "[::]:" + address.getPort();
    }
    String host = ip.getHostAddress();
    if (ip instanceof Inet6Address) {
      host = ip.isLoopbackAddress() ? "[::1]" : "[" + host + "]";
    }
    return host + ":" + address.getPort();
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
