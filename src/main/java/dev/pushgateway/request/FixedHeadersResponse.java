package dev.pushgateway.request;

import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A response with fixed headers, which the rest of the code can neither change nor reset. */
public final class FixedHeadersResponse extends HttpServletResponseWrapper {
  private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  public FixedHeadersResponse(HttpServletResponse response, Map<String, List<String>> headers) {
    super(response);
    this.headers.putAll(headers);
    apply();
  }

  private void apply() {
    HttpServletResponse response = (HttpServletResponse) getResponse();
    headers.forEach((name, values) -> values.forEach(value -> response.addHeader(name, value)));
  }

  @Override
  public void setHeader(String name, String value) {
    if (!headers.containsKey(name)) {
      super.setHeader(name, value);
    }
  }

  @Override
  public void addHeader(String name, String value) {
    if (!headers.containsKey(name)) {
      super.addHeader(name, value);
    }
  }

  @Override
  public void reset() {
    super.reset();
    apply();
  }
}
