package dev.pushgateway.webapp;

final class Tomcat11IT extends TomcatContract {
  Tomcat11IT() {
    super("11");
  }
}
