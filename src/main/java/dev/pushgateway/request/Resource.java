package dev.pushgateway.request;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * A path and the methods it knows.
 *
 * @param operations by method, in upper case
 * @param hint what to tell who comes with another method
 */
public record Resource(Map<String, Operation> operations, String hint) {

  /**
   * What one method does.
   *
   * @param handler its name in the gateway's own metrics; empty if it is not counted
   * @param requirement what clients requirement for it, where not everybody may do everything
   */
  public record Operation(String handler, Requirement requirement, Endpoint endpoint) {}

  public static final String OPTIONS = "OPTIONS";

  public static Resource empty() {
    return new Resource(Map.of(), "method not allowed");
  }

  /** Something to look at; HEAD works like GET, as the server leaves the body out. */
  public static Resource page(String handler, Requirement requirement, Endpoint endpoint) {
    return empty()
        .with("GET", handler, requirement, endpoint)
        .with("HEAD", handler, requirement, endpoint);
  }

  /** This one, with one more method. */
  public Resource with(String method, String handler, Requirement requirement, Endpoint endpoint) {
    Map<String, Operation> more = new LinkedHashMap<>(operations);
    more.put(method, new Operation(handler, requirement, endpoint));
    return new Resource(more, hint);
  }

  /** Whether any method but OPTIONS is known; if not, others are answered as at unknown paths. */
  public boolean exists() {
    return !operations.keySet().equals(Set.of(OPTIONS));
  }

  /** The value of an {@code Allow} header. */
  public String allow() {
    Set<String> methods = new LinkedHashSet<>(operations.keySet());
    methods.remove(OPTIONS);
    methods.add(OPTIONS); // The last.
    return String.join(", ", methods);
  }
}
