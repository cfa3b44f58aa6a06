package dev.pushgateway.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.pushgateway.gateway.SettingsException;
import java.net.InetSocketAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ListenAddressTest {
  @ParameterizedTest
  @CsvSource({
    ":9091, '', 9091",
    "127.0.0.1:0, 127.0.0.1, 0",
    "[::1]:9091, ::1, 9091",
    "[::]:9091, ::, 9091",
    "[fe80::1%eth0]:1, fe80::1%eth0, 1",
    "localhost:http, localhost, 80",
    "localhost:https, localhost, 443",
    "gateway.example.org:65535, gateway.example.org, 65535",
    ":, '', 0",
    "0.0.0.0:, 0.0.0.0, 0"
  })
  void reads(String text, String host, int port) throws SettingsException {
    assertEquals(new ListenAddress(host, port), ListenAddress.parse(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          9091          | cannot listen on "9091": missing port in address
          localhost     | cannot listen on "localhost": missing port in address
          [::1]         | cannot listen on "[::1]": missing port in address
          ::1:9091      | cannot listen on "::1:9091": too many colons in address; an IPv6 address \
          needs brackets
          [::1:9091     | cannot listen on "[::1:9091": too many colons in address; an IPv6 address \
          needs brackets
          a[b]:1        | cannot listen on "a[b]:1": unexpected bracket in address
          :65536        | cannot listen on ":65536": invalid port, the greatest is 65535
          :123456789012 | cannot listen on ":123456789012": invalid port, the greatest is 65535
          :-1           | cannot listen on ":-1": unknown port "-1"
          :no-such      | cannot listen on ":no-such": unknown port "no-such"
          vsock://:9091 | cannot listen on "vsock://:9091": vsock is not supported
          """)
  void rejects(String text, String message) {
    SettingsException e = assertThrows(SettingsException.class, () -> ListenAddress.parse(text));
    assertEquals(message, e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, [::]:7",
    "::, [::]:7",
    "::1, [::1]:7",
    "127.0.0.1, 127.0.0.1:7",
    "fe80::1, [fe80:0:0:0:0:0:0:1]:7"
  })
  void printsWhatIsListenedOn(String host, String printed) {
    assertEquals(printed, ListenAddress.format(new InetSocketAddress(host, 7)));
  }
}
