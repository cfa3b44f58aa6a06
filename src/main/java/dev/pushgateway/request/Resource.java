package dev.pushgateway.request;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The methods of a path.
 *
 * @param operations by method, in upper case
 * @param hint the message for other methods
 */
public record Resource(Map<String, Operation> operations, String hint) {

  /**
   * The meaning of one method.
   *
   * @param handler name in the gateway's own metrics; empty if requests are not counted
   * @param requirement the permission that a client needs
   */
  public record Operation(String handler, Requirement requirement, Endpoint endpoint) {}

  public static final String OPTIONS = "OPTIONS";

  public static Resource empty() {
    return new Resource(Map.of(), "method not allowed");
  }

  /**
   * Returns a resource with GET and HEAD. Both have the same endpoint; responses to HEAD have no
   * body.
   */
  public static Resource page(String handler, Requirement requirement, Endpoint endpoint) {
    return empty()
        .with("GET", handler, requirement, endpoint)
        .with("HEAD", handler, requirement, endpoint);
  }

  /** Returns a copy of this resource with one more method. */
  public Resource with(String method, String handler, Requirement requirement, Endpoint endpoint) {
    Map<String, Operation> more = new LinkedHashMap<>(operations);
    more.put(method, new Operation(handler, requirement, endpoint));
    return new Resource(more, hint);
  }

  /**
   * Returns whether there is a method other than OPTIONS. If not, requests are answered as for
   * unknown paths.
   */
  public boolean exists() {
    return !operations.keySet().equals(Set.of(OPTIONS));
  }

  /** Returns the value of the {@code Allow} header. */
  public String allow() {
    Set<String> methods = new LinkedHashSet<>(operations.keySet());
    methods.remove(OPTIONS);
    methods.add(OPTIONS); // OPTIONS comes last.
    return String.join(", ", methods);
  }
}
