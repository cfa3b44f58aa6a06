package dev.pushgateway.contract;

/** What is shipped, running: the jar as a process, or a container that the WAR was put into. */
public interface GatewayHost extends AutoCloseable {
  /**
   * Where a gateway listens that was started with nothing but what the README tells first.
   *
   * @param contextPath where the gateway is on that port: empty, or with a slash at its start only
   */
  int port(String contextPath);

  /** The same gateway behind a connector that was told to let odd paths in. */
  int openPort(String contextPath);

  /** Ends it in order and starts it again, with what it has kept. Ports may change. */
  void restart() throws Exception;

  @Override
  void close();
}
