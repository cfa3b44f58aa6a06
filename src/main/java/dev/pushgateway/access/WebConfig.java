package dev.pushgateway.access;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The content of a web config file at one moment. Immutable.
 *
 * @param tls absent if TLS is off
 * @param http2 whether the server offers HTTP/2
 * @param headers set on every response
 * @param rateLimit absent if requests are not limited
 * @param warnings sentences for the log, without secrets
 */
public record WebConfig(
    Optional<TlsSettings> tls,
    boolean http2,
    Map<String, String> headers,
    Optional<RateLimit> rateLimit,
    AccessRules rules,
    List<String> warnings) {

  public WebConfig {
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    warnings = List.copyOf(warnings);
  }
}
