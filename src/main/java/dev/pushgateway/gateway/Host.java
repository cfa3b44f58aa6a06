package dev.pushgateway.gateway;

/** What a gateway asks of the process that it has to itself. */
public interface Host {
  /**
   * Whether a gateway that finds its persistence file in use should wait for it: in a container,
   * the next deployment of a gateway starts before the last has stopped. No process does.
   */
  default boolean waitsForPersistenceFile() {
    return false;
  }

  /** Asks the process to end, in order. Returns at once. */
  void quit();

  /**
   * Tells that the gateway cannot serve, and won't until it is started anew.
   *
   * @param reason one sentence
   */
  void failed(String reason);

  /**
   * Tells that the gateway has ended and what it has acknowledged may be lost.
   *
   * @param reason one sentence
   */
  void endedBadly(String reason);
}
