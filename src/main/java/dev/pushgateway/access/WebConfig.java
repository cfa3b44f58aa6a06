package dev.pushgateway.access;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A web config file as it is at one moment. Immutable.
 *
 * @param tls absent if it is not for TLS
 * @param http2 whether HTTP/2 is spoken, too
 * @param headers that every response gets
 * @param rateLimit absent if any number of requests is taken
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
