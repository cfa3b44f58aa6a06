package dev.pushgateway.webapp;

final class Jetty121IT extends JettyContract {
  Jetty121IT() {
    super("12.1");
  }
}
