package dev.pushgateway.access;

import static dev.pushgateway.access.YamlMapping.quoted;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.yaml.snakeyaml.nodes.Node;

/**
 * Parses a web config file. The first document has the format of Prometheus's exporter-toolkit, and
 * is checked as strictly. The second document is our own.
 *
 * <pre>
 *   tls_server_config: …        exporter-toolkit; promtool check web-config looks at this only
 *   basic_auth_users: …
 *   ---
 *   roles: …                    see AccessRulesParser
 * </pre>
 *
 * @param folder paths in the file are relative to this folder
 * @param durations parses durations as Go does
 * @see <a href="https://prometheus.io/docs/prometheus/latest/configuration/https/">Format</a>
 */
record WebConfigParser(Path folder, Function<String, Optional<Duration>> durations) {
  /**
   * The headers that the file may set, with their allowed values. An empty list allows any value.
   */
  private static final Map<String, List<String>> HEADERS =
      Map.of(
          "Strict-Transport-Security", List.of(),
          "X-Content-Type-Options", List.of("nosniff"),
          "X-Frame-Options", List.of("deny", "sameorigin"),
          "X-XSS-Protection", List.of(),
          "Content-Security-Policy", List.of());

  WebConfig parse(String text) throws WebConfigException {
    List<Node> documents = YamlDocuments.read(text);
    if (documents.size() > 2) {
      throw WebConfigException.at(
          YamlDocuments.line(documents.get(2)), "there is a third document");
    }
    YamlMapping toolkit = YamlMapping.of(documents.stream().findFirst(), "the file");
    YamlMapping http = toolkit.mapping("http_server_config");
    Optional<Node> second = documents.stream().skip(1).findFirst();
    AccessRulesParser rules = new AccessRulesParser();
    WebConfig config =
        new WebConfig(
            new TlsSettingsParser(folder, toolkit.mapping("tls_server_config")).read(),
            http.bool("http2", true),
            headers(http.mapping("headers")),
            rateLimit(toolkit.mapping("rate_limit")),
            rules.read(toolkit, YamlMapping.of(second, "the second document")),
            rules.warnings());
    http.refuseTheRest();
    toolkit.refuseTheRest();
    return config;
  }

  private static Map<String, String> headers(YamlMapping given) throws WebConfigException {
    Map<String, String> headers = new LinkedHashMap<>();
    for (String name : given.keys()) {
      List<String> choices = HEADERS.get(name);
      if (choices == null) {
        throw given.wrong(name, "the header " + quoted(name) + " cannot be set");
      }
      String value = given.text(name).orElse("");
      checkHeader(given, name, value, choices);
      if (!value.isEmpty()) {
        headers.put(name, value);
      }
    }
    return headers;
  }

  private static void checkHeader(
      YamlMapping headers, String name, String value, List<String> choices)
      throws WebConfigException {
    if (!choices.isEmpty() && !choices.contains(value)) {
      throw headers.wrong(name, name + ": expected " + String.join(" or ", choices));
    }
    if (!value.chars().allMatch(c -> c >= ' ' && c < 0x7F)) {
      throw headers.wrong(name, name + ": expected printable ASCII on one line");
    }
  }

  private Optional<RateLimit> rateLimit(YamlMapping limit) throws WebConfigException {
    Duration interval = interval(limit);
    int burst = limit.number("burst", 0);
    limit.refuseTheRest();
    if (interval.isZero()) {
      return Optional.empty();
    }
    if (burst < 1) {
      throw limit.wrong("burst", "burst: expected 1 at least, or all requests would be refused");
    }
    return Optional.of(new RateLimit(interval, burst));
  }

  private Duration interval(YamlMapping limit) throws WebConfigException {
    String text = limit.text("interval").orElse("0");
    // Go's YAML takes a plain number for nanoseconds.
    Optional<Duration> interval =
        text.matches("[0-9]{1,18}")
            ? Optional.of(Duration.ofNanos(Long.parseLong(text)))
            : durations.apply(text);
    if (interval.isEmpty() || interval.get().isNegative()) {
      throw limit.wrong(
          "interval",
          "interval: expected a duration such as 1s, 100ms or 1m, found " + quoted(text));
    }
    return interval.get();
  }
}
