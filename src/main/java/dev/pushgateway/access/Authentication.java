package dev.pushgateway.access;

/**
 * The result of checking an {@code Authorization} header.
 *
 * @param client the client without any login, unless {@code outcome} is {@link Outcome#KNOWN}
 */
public record Authentication(Outcome outcome, Client client) {
  public enum Outcome {
    /** The request has no {@code Authorization} header. */
    NONE,
    /** The password or token is right. */
    KNOWN,
    /** The name, password, token or scheme is wrong. */
    WRONG,
    /** Too many passwords are being checked. The client may retry after some seconds. */
    BUSY
  }
}
