package dev.pushgateway.request;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A path and the methods it knows.
 *
 * @param operations by method, in upper case
 * @param exists whether there is anything for other methods to be told about; if not, they are
 *     answered as if the path were unknown
 * @param hint what to tell who comes with another method
 */
public record Resource(Map<String, Operation> operations, boolean exists, String hint) {

  /**
   * What one method does.
   *
   * @param handler its name in the gateway's own metrics; empty if it is not counted
   * @param requirement what clients requirement for it, where not everybody may do everything
   */
  public record Operation(String handler, Requirement requirement, Endpoint endpoint) {}

  public static final String OPTIONS = "OPTIONS";

  private static final String METHOD_NOT_ALLOWED = "method not allowed";

  public static Resource empty() {
    return new Resource(new LinkedHashMap<>(), true, METHOD_NOT_ALLOWED);
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
    return new Resource(more, exists, hint);
  }

  public Resource withHint(String newHint) {
    return new Resource(operations, exists, newHint);
  }

  public Resource thatDoesNotExist() {
    return new Resource(operations, false, hint);
  }

  /** The value of an {@code Allow} header. */
  public String allow() {
    StringBuilder methods = new StringBuilder();
    for (String method : operations.keySet()) {
      if (!method.equals(OPTIONS)) {
        methods.append(method).append(", ");
      }
    }
    return methods.append(OPTIONS).toString();
  }
}
