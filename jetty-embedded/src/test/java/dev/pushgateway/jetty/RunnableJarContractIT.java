package dev.pushgateway.jetty;

import dev.pushgateway.contract.GatewayContract;
import dev.pushgateway.contract.GatewayHost;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What holds in containers holds for the shipped jar, with a prefix for a context path. */
final class RunnableJarContractIT extends GatewayContract {
  @Override
  protected GatewayHost start(Path folder, List<String> contextPaths) throws Exception {
    Jars jars = new Jars(folder, contextPaths);
    jars.start();
    return jars;
  }

  /** A process for each path. */
  private static final class Jars implements GatewayHost {
    private final Path folder;
    private final List<String> contextPaths;
    private final Map<String, ServerProcess> processes = new HashMap<>();

    Jars(Path folder, List<String> contextPaths) {
      this.folder = folder;
      this.contextPaths = contextPaths;
    }

    private void start() throws Exception {
      for (String path : contextPaths) {
        ServerProcess process =
            ServerProcess.listening(
                "--web.route-prefix=" + path,
                "--persistence.file=" + folder.resolve("metrics" + path.replace('/', '-')));
        processes.put(path, process);
      }
    }

    @Override
    public int port(String contextPath) {
      return processes.get(contextPath).uri("/").getPort();
    }

    @Override
    public int openPort(String contextPath) {
      return port(contextPath); // It lets everything in by itself.
    }

    @Override
    public void restart() throws Exception {
      for (ServerProcess process : processes.values()) {
        process.terminate();
        process.awaitExit();
      }
      start();
    }

    @Override
    public void close() {
      processes.values().forEach(ServerProcess::close);
    }
  }
}
