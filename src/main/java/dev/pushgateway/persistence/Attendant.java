package dev.pushgateway.persistence;

/** Who looks after a log. Thread-safe. */
interface Attendant {
  /** Nobody: the log is as good as it is. */
  Attendant NONE =
      new Attendant() {
        @Override
        public void wakeUp() {
          // There is nobody.
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

  /** Says that there is something to do. Returns at once. */
  void wakeUp();

  /**
   * Returns whether a new file is being written. While a change is made, no thread begins another.
   */
  boolean isRewriting();

  /**
   * Writes a new file for a change that cannot do without, in the thread of that change, or waits
   * for one that is being written. The change holds the right to change the store, but no lock of
   * the log.
   *
   * @return whether there is a new file, so that the change may be tried again
   */
  boolean rewrite();
}
