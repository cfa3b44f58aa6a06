package dev.pushgateway.persistence;

/** The maintainer of a log, as the log sees it. Thread-safe. */
interface Attendant {
  /** Does nothing: the log is not maintained. */
  Attendant NONE =
      new Attendant() {
        @Override
        public void wakeUp() {
          // No thread to wake.
        }

        @Override
        public boolean isRewriting() {
          return false;
        }

        @Override
        public boolean rewrite() {
          return false;
        }
      };

  /** Reports that there is work. Returns at once. */
  void wakeUp();

  /**
   * Returns whether a new file is being written. No other rewrite begins while a change is made.
   */
  boolean isRewriting();

  /**
   * Writes a new file for a change that cannot be appended without one, on the thread of that
   * change. If another thread is writing one, waits for it. The thread holds the right to change
   * the store, but no lock of the log.
   *
   * @return whether there is a new file, so that the change can be tried again
   */
  boolean rewrite();
}
