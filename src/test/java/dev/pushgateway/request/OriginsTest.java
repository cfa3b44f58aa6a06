package dev.pushgateway.request;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What browsers send over plain HTTP, where the name in {@code Host} is the page's own. */
class OriginsTest {
  @ParameterizedTest(name = "{0}, called {1}, external URL {2}")
  @CsvSource({
    "http://pgw.example,       pgw.example,       none,             false",
    "http://pgw.example:9091,  pgw.example:9091,  none,             false",
    "http://pgw.example,       other.example,     none,             true",
    "http://PGW.example,       pgw.example,       pgw.example,      false",
    "https://pgw.example,      inside:9091,       pgw.example,      false",
    "http://evil.example,      evil.example,      pgw.example,      true",
    "http://evil.example:9091, evil.example:9091, pgw.example:9091, true",
    "http://1.2.3.4.evil.eu,   1.2.3.4.evil.eu,   pgw.example,      true",
    "http://[evil].example,    [evil].example,    pgw.example,      true",
    "http://10.1.2.3:9091,     10.1.2.3:9091,     pgw.example,      false",
    "http://[::1]:9091,        [::1]:9091,        pgw.example,      false",
    "http://pushgateway:9091,  pushgateway:9091,  pgw.example,      false",
    "http://localhost:9091,    localhost:9091,    pgw.example,      false",
    "http://a.localhost:9091,  a.localhost:9091,  pgw.example,      false"
  })
  void isForeign(String origin, String host, String external, boolean isForeign) {
    Optional<String> own = Optional.of(external).filter(name -> !name.equals("none"));
    Origins origins = new Origins(own, Set.of());
    assertEquals(isForeign, origins.isForeign(request(Map.of("Origin", origin, "Host", host))));
    assertEquals(false, origins.isForeign(request(Map.of("Host", host))), "no browser");
  }

  /** As a browser does over TLS. Where the gateway's name is not known, the browser is believed. */
  @ParameterizedTest
  @CsvSource({
    "http://evil.example, none,        false",
    "http://evil.example, pgw.example, true",
    "http://pgw.example,  pgw.example, false",
    "http://10.1.2.3,     pgw.example, false"
  })
  void pageThatSaysItIsOwnIsLookedAtWhereTheNameIsKnown(
      String origin, String external, boolean isForeign) {
    Optional<String> own = Optional.of(external).filter(name -> !name.equals("none"));
    String host = origin.substring("http://".length());
    Map<String, String> headers =
        Map.of("Sec-Fetch-Site", "same-origin", "Origin", origin, "Host", host);
    assertEquals(isForeign, new Origins(own, Set.of()).isForeign(request(headers)));
  }

  /** A page whose name is rebound can send this, too. */
  @ParameterizedTest
  @CsvSource({"none, false", "pgw.example, true"})
  void forwardedNameIsNotTrustedWhereTheNameIsKnown(String external, boolean isForeign) {
    Optional<String> own = Optional.of(external).filter(name -> !name.equals("none"));
    Map<String, String> headers =
        Map.of(
            "Origin", "http://evil.example",
            "Host", "evil.example",
            "X-Forwarded-Host", "evil.example");
    assertEquals(isForeign, new Origins(own, Set.of()).isForeign(request(headers)));
  }

  private static HttpServletRequest request(Map<String, String> headers) {
    return (HttpServletRequest)
        Proxy.newProxyInstance(
            OriginsTest.class.getClassLoader(),
            new Class<?>[] {HttpServletRequest.class},
            (proxy, method, arguments) -> headers.get(arguments[0]));
  }
}
