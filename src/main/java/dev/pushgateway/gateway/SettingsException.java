package dev.pushgateway.gateway;

/** Reports that a setting has a wrong value. The message is a sentence for the operator. */
public final class SettingsException extends Exception {
  public SettingsException(String message) {
    super(message);
  }
}
