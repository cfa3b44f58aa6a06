package dev.pushgateway.gateway;

/** The environment of a gateway: a process of its own, or a container. */
public interface Host {
  /**
   * Returns whether a gateway waits for a persistence file that is in use. In a container, a new
   * deployment may start before the old one has stopped. A process of its own never waits.
   */
  default boolean waitsForPersistenceFile() {
    return false;
  }

  /** Asks the process to end regularly. Returns at once. */
  void quit();

  /**
   * Reports that the gateway cannot serve until it is restarted.
   *
   * @param reason one sentence
   */
  void failed(String reason);

  /**
   * Reports that the gateway has stopped and that accepted pushes may be lost.
   *
   * @param reason one sentence
   */
  void endedBadly(String reason);
}
