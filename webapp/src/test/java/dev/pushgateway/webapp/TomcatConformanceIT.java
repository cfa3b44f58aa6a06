package dev.pushgateway.webapp;

import java.nio.file.Path;

final class TomcatConformanceIT extends ConformanceContract {
  @Override
  Container start(Path folder) throws Exception {
    Tomcat tomcat = new Tomcat("11", folder);
    for (String profile : PROFILES.keySet()) {
      StringBuilder settings = new StringBuilder();
      PROFILES
          .get(profile)
          .forEach(
              (name, value) ->
                  settings.append("<Parameter name=\"" + name + "\" value=\"" + value + "\"/>"));
      tomcat.withService(profile, settings.toString());
    }
    tomcat.start();
    return new Container() {
      @Override
      public int port(String profile) {
        return tomcat.servicePort(profile);
      }

      @Override
      public void close() {
        tomcat.close();
      }
    };
  }

  @Override
  String refusedCases() {
    return "tomcat-refuses.txt";
  }
}
