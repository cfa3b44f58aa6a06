package dev.pushgateway.access;

/**
 * Reports that a web config file cannot be used. The message gives the line, if there is one, and
 * the reason.
 */
public final class WebConfigException extends Exception {
  public WebConfigException(String message) {
    super(message);
  }

  static WebConfigException at(int line, String why) {
    return new WebConfigException("line " + line + ": " + why);
  }
}
