package dev.pushgateway.request;

import dev.pushgateway.admission.OverloadedException;

/** Reports that a request is refused. The message is a sentence for the client. */
public final class RequestRefusedException extends Exception {
  public static final int BAD_REQUEST = 400;
  public static final int UNAUTHORIZED = 401;
  public static final int NOT_FOUND = 404;
  public static final int TIMEOUT = 408;
  public static final int TOO_LARGE = 413;
  static final int TOO_MANY = 429;
  public static final int NOT_IMPLEMENTED = 501;
  static final int UNAVAILABLE = 503;

  /** There is no room for the request until a group is deleted. */
  private static final int FULL = 507;

  private final int status;

  /** The group of a push, or its path; empty if the request is not a push. */
  private final String group;

  public RequestRefusedException(int status, String message) {
    this(status, message, "");
  }

  private RequestRefusedException(int status, String message, String group) {
    super(message, null, false, false); // The caller's mistake: needs no stack trace.
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

  /** Returns a 503 if a retry may help, and a 507 if not. */
  public static RequestRefusedException overloaded(OverloadedException e) {
    return new RequestRefusedException(e.isTemporary() ? UNAVAILABLE : FULL, e.getMessage());
  }

  /** Returns the same refusal, with the group of the push for the log. */
  public RequestRefusedException ofPush(String pushedGroup) {
    return new RequestRefusedException(status, getMessage(), pushedGroup);
  }

  /** Returns whether a request with this status may succeed later. */
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
