package dev.pushgateway.webapp;

import java.nio.file.Path;

final class JettyConformanceIT extends ConformanceContract {
  @Override
  Container start(Path folder) throws Exception {
    Jetty jetty = new Jetty("12.1", folder);
    for (String profile : PROFILES.keySet()) {
      StringBuilder settings = new StringBuilder();
      PROFILES
          .get(profile)
          .forEach(
              (name, value) ->
                  settings.append(
                      "<Call name=\"setInitParameter\"><Arg>"
                          + name
                          + "</Arg><Arg>"
                          + value
                          + "</Arg></Call>\n"));
      jetty.withConnector(profile, settings.toString());
    }
    jetty.start();
    return new Container() {
      @Override
      public int port(String profile) {
        return jetty.connectorPort(profile);
      }

      @Override
      public void close() {
        jetty.close();
      }
    };
  }

  @Override
  String refusedCases() {
    return "jetty-refuses.txt";
  }
}
