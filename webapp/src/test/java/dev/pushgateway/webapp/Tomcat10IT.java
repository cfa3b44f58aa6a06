package dev.pushgateway.webapp;

final class Tomcat10IT extends TomcatContract {
  Tomcat10IT() {
    super("10.1");
  }
}
