package dev.pushgateway.request;

import dev.pushgateway.admission.OverloadedException;

/** A request cannot be served, for a reason that the client is told in one sentence. */
public final class RequestRefusedException extends Exception {
  public static final int BAD_REQUEST = 400;
  public static final int UNAUTHORIZED = 401;
  public static final int NOT_FOUND = 404;
  public static final int TIMEOUT = 408;
  public static final int TOO_LARGE = 413;
  static final int TOO_MANY = 429;
  public static final int NOT_IMPLEMENTED = 501;
  static final int UNAVAILABLE = 503;

  /** There is no room for it, and will be none as long as nothing is deleted. */
  private static final int FULL = 507;

  private final int status;

  /** The group that a push was meant for, or its path; empty if this is not about a push. */
  private final String group;

  public RequestRefusedException(int status, String message) {
    this(status, message, "");
  }

  private RequestRefusedException(int status, String message, String group) {
    super(message, null, false, false); // The caller's mistake: no use for where we noticed it.
    this.status = status;
    this.group = group;
  }

  public static RequestRefusedException badRequest(String message) {
    return new RequestRefusedException(BAD_REQUEST, message);
  }

  public static RequestRefusedException unavailable(String message) {
    return new RequestRefusedException(UNAVAILABLE, message);
  }

  public static RequestRefusedException tooMany(String message) {
    return new RequestRefusedException(TOO_MANY, message);
  }

  /** As the limits say that were reached. */
  public static RequestRefusedException overloaded(OverloadedException e) {
    return new RequestRefusedException(e.isTemporary() ? UNAVAILABLE : FULL, e.getMessage());
  }

  /** The same, about a push to a group. */
  public RequestRefusedException ofPush(String pushedGroup) {
    return new RequestRefusedException(status, getMessage(), pushedGroup);
  }

  /** Whether a request that got this status may do better later. */
  static boolean isTemporary(int status) {
    return status == UNAVAILABLE || status == TOO_MANY;
  }

  public int status() {
    return status;
  }

  String group() {
    return group;
  }
}
