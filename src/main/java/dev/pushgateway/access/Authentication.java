package dev.pushgateway.access;

/**
 * What became of an {@code Authorization} header.
 *
 * @param client anyone, unless {@code outcome} is {@link Outcome#KNOWN}
 */
public record Authentication(Outcome outcome, Client client) {
  public enum Outcome {
    /** There is none: this is anyone. */
    NONE,
    /** It is right. */
    KNOWN,
    /** It is not: a wrong name or password, an unknown token or scheme. */
    WRONG,
    /** Too many passwords are being checked; the client may try again in some seconds. */
    BUSY
  }
}
