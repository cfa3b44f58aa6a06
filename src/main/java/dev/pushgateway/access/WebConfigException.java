package dev.pushgateway.access;

/** A web config file cannot be used. The message says in which line, if in one, and why. */
public final class WebConfigException extends Exception {
  public WebConfigException(String message) {
    super(message);
  }

  static WebConfigException at(int line, String why) {
    return new WebConfigException("line " + line + ": " + why);
  }
}
