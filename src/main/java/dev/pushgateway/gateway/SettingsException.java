package dev.pushgateway.gateway;

/** A setting has a value that it cannot have. The message is a sentence for whoever set it. */
public final class SettingsException extends Exception {
  public SettingsException(String message) {
    super(message);
  }
}
