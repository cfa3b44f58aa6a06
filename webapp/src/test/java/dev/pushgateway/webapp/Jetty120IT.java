package dev.pushgateway.webapp;

final class Jetty120IT extends JettyContract {
  Jetty120IT() {
    super("12.0");
  }
}
