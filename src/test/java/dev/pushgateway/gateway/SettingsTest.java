package dev.pushgateway.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.request.Origins;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class SettingsTest {
  private static final SortedMap<String, String> LIMITS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("push.max-body-bytes", "64MiB"),
              Map.entry("push.max-buckets", "10000"),
              Map.entry("push.max-concurrent", "400"),
              Map.entry("push.max-help-bytes", "64KiB"),
              Map.entry("push.max-labels", "128"),
              Map.entry("push.max-name-bytes", "1KiB"),
              Map.entry("push.max-series", "1000000"),
              Map.entry("push.max-value-bytes", "64KiB"),
              Map.entry("scrape.max-concurrent", "40"),
              Map.entry("store.max-groups", "1000000"),
              Map.entry("store.max-series", "10000000"),
              Map.entry("web.idle-timeout", "1m0s"),
              Map.entry("web.max-connections", "16000"),
              Map.entry("web.max-header-bytes", "64KiB"),
              Map.entry("web.min-bytes-per-second", "512"),
              Map.entry("web.query-timeout", "30s"),
              Map.entry("web.request-timeout", "5m0s")));

  private final Map<Flag, List<String>> given = new EnumMap<>(Flag.class);

  private Settings read() throws SettingsException {
    return Settings.of(flag -> given.getOrDefault(flag, List.of()));
  }

  @Test
  void defaultsAreThoseOfTheGoGateway() throws SettingsException {
    Settings settings = read();
    assertEquals(List.of(":9091"), settings.listenAddresses());
    assertEquals("/metrics", settings.telemetryPath());
    assertEquals("", settings.routePrefix());
    assertEquals(Duration.ofMinutes(5), settings.persistenceInterval());
    // As /api/v1/status of Pushgateway 1.11.0 shows them.
    SortedMap<String, String> ofGo = new TreeMap<>(settings.effective());
    ofGo.keySet().removeIf(name -> LIMITS.containsKey(name));
    assertEquals("", ofGo.remove("push.cors-origins"));
    assertEquals("200", ofGo.remove("push.success-status"));
    assertEquals("false", ofGo.remove("web.container-roles"));
    assertEquals(
        "{log.format=logfmt, log.level=info, persistence.file=, persistence.interval=5m0s,"
            + " push.disable-consistency-check=false, push.enable-utf8-names=false,"
            + " web.config.file=, web.enable-admin-api=false, web.enable-lifecycle=false,"
            + " web.external-url=, web.listen-address=:9091, web.route-prefix=,"
            + " web.systemd-socket=false, web.telemetry-path=/metrics}",
        ofGo.toString());
  }

  @Test
  void limitsAreShownWithTheirUnits() throws SettingsException {
    SortedMap<String, String> limits = new TreeMap<>(read().effective());
    limits.keySet().retainAll(LIMITS.keySet());
    assertEquals(LIMITS, limits);
  }

  @Test
  void limitsAreRead() throws SettingsException {
    given.put(Flag.MAX_BODY_BYTES, List.of("1.5MB"));
    given.put(Flag.MAX_CONCURRENT_PUSHES, List.of("0"));
    given.put(Flag.MAX_HEADER_BYTES, List.of("8192"));
    given.put(Flag.IDLE_TIMEOUT, List.of("90s"));
    Settings settings = read();
    assertEquals(1_500_000, settings.pushLimits().body().maxBytes());
    assertEquals(Long.MAX_VALUE, settings.pushLimits().maxConcurrent());
    assertEquals(8192, settings.webLimits().maxHeaderBytes());
    assertEquals(Duration.ofSeconds(90), settings.webLimits().idleTimeout());
    assertEquals("8KiB", settings.effective().get("web.max-header-bytes"));
    assertEquals("1500KB", settings.effective().get("push.max-body-bytes"));
  }

  @ParameterizedTest
  @CsvSource({
    "'', '', '', ''",
    "'', /, '', ''",
    "'', pgw/, '', /pgw",
    "'', /pgw, '', /pgw",
    "'', //, '', ''",
    "http://h:8080/ext/, '', /ext, /ext",
    "http://h:8080/ext/, /, /ext, ''",
    "http://h:8080/ext/, in, /ext, /in",
    "http://h:8080, '', '', ''",
    "HTTPS://[::1]/a%20b/, '', /a b, /a b"
  })
  void prefixesFollowFromExternalUrlAndRoutePrefix(
      String externalUrl, String given, String external, String route) throws SettingsException {
    this.given.put(Flag.EXTERNAL_URL, List.of(externalUrl));
    this.given.put(Flag.ROUTE_PREFIX, List.of(given));
    Settings settings = read();
    assertEquals(external, settings.externalPathPrefix());
    assertEquals(route, settings.routePrefix());
    assertEquals(route, settings.effective().get("web.route-prefix"));
  }

  @Test
  void originsAreReadOneByOne() throws SettingsException {
    given.put(Flag.EXTERNAL_URL, List.of("https://PGW.example:8443/x"));
    given.put(Flag.CORS_ORIGINS, List.of("https://a.example, HTTP://[::1]:8080,"));
    Origins origins = read().origins();
    assertEquals(Optional.of("pgw.example:8443"), origins.externalAuthority());
    assertEquals(Set.of("https://a.example", "http://[::1]:8080"), origins.pushers());
  }

  @Test
  void listenAddressesAreShownAsOne() throws SettingsException {
    given.put(Flag.LISTEN_ADDRESS, List.of("127.0.0.1:1", "[::1]:2"));
    assertEquals("127.0.0.1:1,[::1]:2", read().effective().get("web.listen-address"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          PERSISTENCE_INTERVAL | soon | persistence.interval: "soon" is not a duration such as 5m, \
          1h30m, 1.5s or 0s
          CORS_ORIGINS | app.example | push.cors-origins: "app.example" is not an origin such as \
          https://app.example, or *
          CORS_ORIGINS | https://a/  | push.cors-origins: "https://a/" is not an origin such as \
          https://app.example, or *
          CONTAINER_ROLES | true | web.container-roles: there is no servlet container around this \
          process
          PERSISTENCE_INTERVAL | -1s  | persistence.interval: "-1s" is negative
          LOG_LEVEL            | loud | log.level: "loud" is not one of debug, info, warn, error
          LOG_FORMAT           | ``   | log.format: "" is not one of logfmt, json
          SUCCESS_STATUS       | 204  | push.success-status: "204" is not one of 200, 202
          ROUTE_PREFIX         | http://h/p | web.route-prefix: "http://h/p" is not a path without \
          "://", quotes, '?' and '#', such as /a/b
          ROUTE_PREFIX         | "/p" | web.route-prefix: ""/p"" is not a path without
          ROUTE_PREFIX         | /it's | web.route-prefix: "/it's" is not a path without
          ROUTE_PREFIX         | /p?x | web.route-prefix: "/p?x" is not a path without
          ROUTE_PREFIX         | /p#x | web.route-prefix: "/p#x" is not a path without
          TELEMETRY_PATH       | /m?x | web.telemetry-path: "/m?x" is not a path without
          ENABLE_ADMIN_API     | yes  | web.enable-admin-api: "yes" is neither true nor false
          TELEMETRY_PATH       | /    | web.telemetry-path: the path must have more than slashes
          TELEMETRY_PATH       | ``   | web.telemetry-path: "" does not start with a slash
          TELEMETRY_PATH       | metrics | web.telemetry-path: "metrics" does not start with a slash
          TELEMETRY_PATH       | /status/ | web.telemetry-path: "/status/" is the path of something \
          else
          TELEMETRY_PATH       | //-//ready | web.telemetry-path: "//-//ready" is the path of
          TELEMETRY_PATH       | /-/quit | web.telemetry-path: "/-/quit" is the path of
          TELEMETRY_PATH       | /api/v1/status | web.telemetry-path: "/api/v1/status" is the path of
          TELEMETRY_PATH       | /api/v1/x | web.telemetry-path: "/api/v1/x" is the path of
          TELEMETRY_PATH       | /metrics/job/x | web.telemetry-path: "/metrics/job/x" is the path of
          TELEMETRY_PATH       | /static/js/main.js | web.telemetry-path: "/static/js/main.js" is the
          MAX_BODY_BYTES       | 1 MB | push.max-body-bytes: "1 MB" is not a size such as 65536, \
          64KiB or 1.5MiB
          MAX_HELP_BYTES       | -1   | push.max-help-bytes: "-1" is not a size such as 65536, \
          64KiB or 1.5MiB
          MAX_LABELS           | 1e3  | push.max-labels: "1e3" is not a whole number such as 1000, \
          or 0 for no limit
          MAX_HEADER_BYTES     | 0    | web.max-header-bytes: it must be from 1KiB to 16MiB
          IDLE_TIMEOUT         | -1s  | web.idle-timeout: "-1s" is negative
          REQUEST_TIMEOUT      | 5    | web.request-timeout: "5" is not a duration such as 5m, \
          1h30m, 1.5s or 0s
          EXTERNAL_URL         | :x   | web.external-url: ":x" is not a URL that starts with http:// \
          or https:// and a host
          EXTERNAL_URL         | lb.example.com/prometheus/ | web.external-url: \
          "lb.example.com/prometheus/" is not a URL that starts with http:// or https:// and a host
          EXTERNAL_URL         | "http://h/p" | web.external-url: ""http://h/p"" is not a URL that
          EXTERNAL_URL         | foo  | web.external-url: "foo" is not a URL that starts with
          EXTERNAL_URL         | /only/path | web.external-url: "/only/path" is not a URL that
          EXTERNAL_URL         | ftp://x | web.external-url: "ftp://x" is not a URL that starts with
          EXTERNAL_URL         | http:///x | web.external-url: "http:///x" is not a URL that starts
          EXTERNAL_URL         | https://:9091 | web.external-url: "https://:9091" is not a URL that
          EXTERNAL_URL         | http://a b/ | web.external-url: "http://a b/" is not a URL: Illegal
          """)
  void rejects(Flag flag, String value, String message) {
    given.put(flag, List.of(value));
    SettingsException e = assertThrows(SettingsException.class, this::read);
    assertTrue(e.getMessage().startsWith(message), e.getMessage());
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "LISTEN_ADDRESS")
  void rejectsRepetitionOf(Flag flag) {
    given.put(flag, List.of(flag.defaultValue(), flag.defaultValue()));
    SettingsException e = assertThrows(SettingsException.class, this::read);
    assertEquals("flag '" + flag.flagName() + "' cannot be repeated", e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "LOG_LEVEL, INFO, info",
    "LOG_LEVEL, Warn, warn",
    "LOG_FORMAT, JSON, json",
    "SUCCESS_STATUS, 202, 202"
  })
  void wordsMayBeInAnyCase(Flag flag, String value, String effective) throws SettingsException {
    given.put(flag, List.of(value));
    assertEquals(effective, read().effective().get(flag.flagName()));
  }

  @Test
  void tellsWhatDiffersFromTheDefaults() throws SettingsException {
    assertEquals("", read().describeChanged());
    given.put(Flag.LOG_LEVEL, List.of("INFO"));
    given.put(Flag.IDLE_TIMEOUT, List.of("60s"));
    given.put(Flag.MAX_BODY_BYTES, List.of("64MB"));
    given.put(Flag.EXTERNAL_URL, List.of("http://h/p"));
    given.put(Flag.ENABLE_ADMIN_API, List.of("true"));
    Settings settings = read();
    assertEquals(
        List.of("push.max-body-bytes", "web.enable-admin-api", "web.external-url"),
        settings.changed());
    assertEquals(
        "push.max-body-bytes=64MB, web.enable-admin-api=true, web.external-url=http://h/p",
        settings.describeChanged());
    given.put(Flag.ROUTE_PREFIX, List.of("/"));
    assertTrue(read().changed().contains("web.route-prefix"), "the default is the path of the URL");
  }

  @Test
  void inContainerWhatIsNotOfTheGatewayDoesNotDiffer() throws SettingsException {
    Settings settings =
        Settings.inContainer(flag -> flag == Flag.LOG_LEVEL ? List.of("debug") : List.of());
    assertEquals(List.of(), settings.changed());
  }

  @Test
  void containerIsAskedInOrder() throws SettingsException {
    Map<String, String> entries = Map.of("persistence.interval", "1s");
    Map<String, String> parameters = Map.of("persistence.interval", "2s", "web.route-prefix", "a");
    Map<String, String> properties =
        Map.of("web.route-prefix", "b", "web.enable-admin-api", "true");
    Map<String, String> environment =
        Map.of(
            "PUSHGATEWAY_WEB_ENABLE_ADMIN_API", "false",
            "PUSHGATEWAY_PUSH_ENABLE_UTF8_NAMES", "true");
    Settings settings =
        Settings.inContainer(
            new ContainerSettings(
                entries::get, parameters::get, properties::get, new Environment(environment)));
    assertEquals(Duration.ofSeconds(1), settings.persistenceInterval());
    assertEquals("/a", settings.routePrefix());
    assertTrue(settings.enableAdminApi());
    assertTrue(settings.enableUtf8Names());
  }

  @Test
  void containerDecidesForItselfWhatIsNotOfTheGateway() throws SettingsException {
    Map<String, String> properties = Map.of("log.level", "FINE", "web.listen-address", ":1");
    Settings settings =
        Settings.inContainer(
            new ContainerSettings(
                name -> null, name -> null, properties::get, new Environment(Map.of())));
    assertEquals("info", settings.logLevel());
    Map<String, String> effective = settings.effective();
    assertEquals(
        Arrays.stream(Flag.values()).map(Flag::flagName).sorted().toList(),
        List.copyOf(effective.keySet()));
    assertEquals("", effective.get("log.level"));
    assertEquals("", effective.get("web.listen-address"));
    assertEquals("false", effective.get("web.enable-lifecycle"));
    assertEquals("5m0s", effective.get("persistence.interval"));
  }
}
