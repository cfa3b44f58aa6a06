package dev.pushgateway.jetty;

import java.time.Duration;

/**
 * Gives memory back in the first quiet moment after the gateway has worked: the collector is told
 * to keep little free, the heap is compacted, and what the compiler of the JVM has freed goes back
 * to the system. Then the collector's periodic cycle rests, too, until there was work again.
 *
 * <pre>
 *   processor  ▇▇▇▇▇▇▁▂▁ ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁ ▁▁▁▁▁ … ▁▁▁▁▁▁
 *   heap       ▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▃▃▃▃▃▃▂▂▂▂▂▂▂▂▂▂▂▂▂▂ … ▂▂▂▂▂▂
 *   looks           busy  quiet  quiet → compacts, rests    works → collects periodically
 * </pre>
 *
 * <p>The collector's cycle frees whole regions only, and moves nothing as long as nothing is
 * allocated. Compacting stops all threads: for some 30 ms with 1M series in 1,000 groups, 50 ms
 * with 200k in 20,000 (G1, JDK 17, 2 processors that have nothing else to do, 2026-11-25); so it is
 * done when nobody waits, only where what is stored is more or less by a quarter than it was the
 * last time, and not to a large heap or one of a fixed size. It waits for the collector's cycle to
 * have given free regions back: in the same stop, that took another 11 to 17 ms.
 *
 * <p>At work, a collector that takes long for a moment doubles the heap, and fills it up before it
 * collects again. It is hurried when much is free.
 *
 * <p>Not thread-safe.
 */
final class IdleMemory {
  /** The JVM, as far as this is about it. */
  interface Jvm {
    /** The processor time used so far. */
    long processorNanos();

    /** Of the heap, what has survived some collections. */
    long storedBytes();

    /** Of the heap, what was taken from the system and is not used. */
    long freeBytes();

    /** Whether the heap gets smaller by being compacted. */
    boolean canShrink();

    void compact();

    /** Has the collector give all but a little back from now on, or keep some to work with. */
    void keepLittleFree(boolean yes);

    /**
     * Has the collector work where it has not for that long.
     *
     * @param interval zero for not at all while nothing is allocated
     */
    void collectEvery(Duration interval);
  }

  /** How often to look. */
  static final Duration INTERVAL = Duration.ofSeconds(3);

  /** Of processor time between two looks; more is not quiet: two hundredths of one processor. */
  static final long QUIET_NANOS = INTERVAL.toNanos() / 50;

  /** Of processor time; what an idle gateway takes in half a minute, or some scrapes. */
  static final long WORK_NANOS = Duration.ofMillis(100).toNanos();

  /**
   * After so many quiet looks it does not wait for the collector any more: not all have a cycle.
   */
  static final int PATIENCE = 4;

  /** More than this, and half of what is stored, the collector does not leave free. */
  static final long MUCH_FREE_BYTES = 64L << 20;

  /** How often the collector works in usual times. */
  static final Duration USUALLY = Duration.ofSeconds(5);

  /** How often when much is free. */
  static final Duration SOON = Duration.ofSeconds(1);

  /**
   * For how many looks it is hurried: long enough for a wait of the usual length that it has begun.
   * What is free after that stays free for a reason, such as {@code -Xms}.
   */
  static final int HASTE = 3;

  /** Above this, a compaction may take a tenth of a second and more. */
  static final long LARGE_BYTES = 300L << 20;

  /** To compact for less is not worth it. */
  static final long LITTLE_BYTES = 16L << 20;

  private final Jvm jvm;
  private long lastLook;
  private int quietLooks;
  private int wastefulLooks;
  private Duration interval = USUALLY;
  private boolean keepsLittleFree;

  /** The processor time used when it began to rest. */
  private long restSince;

  /** What was stored when the heap was last compacted. */
  private long storedThen;

  /** Starts to watch. */
  IdleMemory(Jvm jvm) {
    this.jvm = jvm;
    lastLook = jvm.processorNanos();
  }

  /** To be called at each {@link #INTERVAL}. */
  void look() {
    long now = jvm.processorNanos();
    boolean quiet = now - lastLook <= QUIET_NANOS;
    lastLook = now;
    quietLooks = quiet ? quietLooks + 1 : 0;
    if (quiet != keepsLittleFree) {
      keepsLittleFree = quiet;
      jvm.keepLittleFree(quiet);
    }
    boolean rests = interval.isZero();
    if (rests && now - restSince >= WORK_NANOS) {
      wastefulLooks = 0;
      quietLooks = -1; // The collector gets two looks' time.
      collectEvery(USUALLY);
    } else if (!rests && quiet && hasCollected()) {
      giveBack();
      rest();
    } else if (!rests) {
      wastefulLooks = isMuchFree() ? wastefulLooks + 1 : 0;
      collectEvery(wastefulLooks > 0 && wastefulLooks <= HASTE ? SOON : USUALLY);
    }
  }

  private boolean hasCollected() {
    return quietLooks >= PATIENCE || quietLooks > 0 && !isMuchFree();
  }

  private boolean isMuchFree() {
    return jvm.freeBytes() > MUCH_FREE_BYTES + jvm.storedBytes() / 2;
  }

  private void collectEvery(Duration next) {
    if (!next.equals(interval)) {
      interval = next;
      jvm.collectEvery(next);
    }
  }

  private void giveBack() {
    long stored = jvm.storedBytes();
    long change = Math.abs(stored - storedThen);
    boolean pays = change >= LITTLE_BYTES && change >= storedThen / 4;
    if (pays && stored <= LARGE_BYTES && jvm.canShrink()) {
      jvm.compact();
      storedThen = jvm.storedBytes();
      lastLook = jvm.processorNanos();
    }
  }

  private void rest() {
    restSince = jvm.processorNanos();
    collectEvery(Duration.ZERO);
  }
}
