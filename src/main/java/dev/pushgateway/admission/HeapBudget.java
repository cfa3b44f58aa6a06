package dev.pushgateway.admission;

import dev.pushgateway.parse.TextAllowance;
import dev.pushgateway.store.MetricStore;
import dev.pushgateway.store.MetricStore.Growth;
import dev.pushgateway.store.Push;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Divides the heap between the store and the requests, so that it never runs out. Whatever may take
 * much memory is reserved before it is allocated, in bytes, and refused if there is no room.
 *
 * <pre>
 *   0           4/9 1/2      21/32      3/4 - 16 MiB          heap
 *   | stored     | * | pushes  | scrapes  | server, garbage    |
 *                  * groups that exist already
 * </pre>
 *
 * <p>What the store does not use, requests may use. The rules:
 *
 * <ol>
 *   <li>A push is read and parsed only if what is stored and what is reserved leave room for that.
 *   <li>A push may let the store grow only if there is then room to push the largest group again.
 *   <li>A push that does not let the store grow needs nothing but rule 1.
 * </ol>
 *
 * <p>Hence each push that was stored once fits again when nothing else runs. Rule 2 counts what a
 * push took, not what its group takes: a body full of comments takes much and stores little. A
 * reservation is never smaller than what its push stores, so that the rules hold for pushes at the
 * same time, too.
 *
 * <p>What scrapes make before its turn has a limit of its own, 1/64 of the heap at most, and is
 * counted as the server's.
 *
 * <p>Requests that take at most {@link #FREE_BYTES} are not counted: their number is limited.
 *
 * <p>Thread-safe. Takes a lock only when memory is short.
 */
public final class HeapBudget {
  /** A request may take this much uncounted: 400 of them take 25 MB of the server's part. */
  public static final long FREE_BYTES = 64 << 10;

  private static final long SERVER_BYTES = 16 << 20;

  /** A waiting request takes a thread; this is an eighth of the default limit on pushes. */
  static final int MAX_WAITING = 50;

  /** For all that a request waits for. Half of the timeout of the Prometheus Java client. */
  private static final long MAX_WAIT_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private final long storeBytes;
  private final long newGroupBytes;
  private final long pushBytes;
  private final long roomBytes;
  private final Supplier<Optional<MetricStore>> store;
  private final long maxWaitNanos;
  private final AtomicLong reservedBytes = new AtomicLong();

  /** Bytes that the admitted pushes will add to the store. */
  private final AtomicLong arrivingBytes = new AtomicLong();

  /** Held by the push that is the next to be parsed. The others queue for it. */
  private final ReentrantLock nextToParse = new ReentrantLock(true);

  private final AtomicInteger waiting = new AtomicInteger();
  private volatile Runnable relief = () -> {};

  /**
   * A budget.
   *
   * @param heapBytes the largest size of the heap
   * @param store the store, once it is ready
   */
  public HeapBudget(long heapBytes, Supplier<Optional<MetricStore>> store) {
    this(heapBytes, store, MAX_WAIT_NANOS);
  }

  /** A budget for which a request waits at most this long. */
  HeapBudget(long heapBytes, Supplier<Optional<MetricStore>> store, long maxWaitNanos) {
    this.store = store;
    this.maxWaitNanos = maxWaitNanos;
    storeBytes = heapBytes / 2;
    newGroupBytes = storeBytes / 9 * 8;
    roomBytes = Math.max(0, heapBytes / 4 * 3 - SERVER_BYTES);
    pushBytes = roomBytes / 8 * 7;
  }

  /** Sets what ends slow scrapes when they keep replaced data and memory is short. */
  void onShortage(Runnable newRelief) {
    relief = newRelief;
  }

  /** Begins to reserve for one push, whose body may be one that is parsed as text. */
  public Reservation open(boolean isText) {
    return new Reservation(pushBytes, isText ? Reservation.TEXT_COPIES : 0);
  }

  /** Begins to reserve for one scrape, for which pushes have left some memory. */
  Reservation openForScrape() {
    return new Reservation(roomBytes, 0);
  }

  /** Bytes that are reserved now. */
  public long reservedBytes() {
    return reservedBytes.get();
  }

  private long storedBytes() {
    return store.get().map(MetricStore::storedBytes).orElse(0L);
  }

  private long retainedBytes() {
    return store.get().map(MetricStore::retainedBytes).orElse(0L);
  }

  /** The memory that one request has reserved. For one thread at a time. */
  public final class Reservation implements TextAllowance, AutoCloseable {
    /** G1 moves no large arrays: the room of the shorter one need not be of use for the longer. */
    private static final long BODY_COPIES = 2;

    /** A buffer that doubles, and the block that is copied from it. */
    private static final long TEXT_COPIES = 3;

    /** What a push takes, as a rule, in bytes per byte of its body. */
    private static final long LIKELY_GROWTH = 12;

    private final long limitBytes;

    /** How many copies of a body the parser makes at least. */
    private final long parserCopies;

    /** Counted in {@link #reservedBytes}: nothing, or at least {@link #usedBytes}. */
    private long ownBytes;

    /** Counted in {@link #arrivingBytes}. */
    private long ownArrivingBytes;

    private long usedBytes;
    private long mostUsedBytes;

    /** When all waiting ends; 0 before there is something to wait for. */
    private long deadlineNanos;

    /** Why {@link #take(long)} granted nothing. */
    private OverloadedException refusal;

    private Reservation(long limitBytes, long parserCopies) {
      this.limitBytes = limitBytes;
      this.parserCopies = parserCopies;
    }

    /**
     * Reserves memory for an array that a body grows into, and for the shorter one that it leaves.
     * Large bodies at the same time could fill the memory and wait for each other: a body is read
     * beside others only if there is room for all that it will take, as a rule.
     *
     * @param arrayLength of the array
     * @param bodyLength of the body, as far as it is known: it may be longer
     * @throws OverloadedException if there is no room to read and to parse so much
     */
    public void takeBody(long arrayLength, long bodyLength) throws OverloadedException {
      long bytes = BODY_COPIES * arrayLength;
      long least = Math.max(BODY_COPIES, 1 + parserCopies) * bodyLength;
      if (least > FREE_BYTES && !canFit(least)) {
        throw refusal(least);
      }
      if (bytes > FREE_BYTES) {
        long likely = LIKELY_GROWTH * Math.max(arrayLength, bodyLength);
        require(Math.max(bytes, least), () -> tryReserveBody(bytes, likely));
      }
      use(bytes);
    }

    /** Returns the length of the largest body that can be read and parsed beside an empty store. */
    public long largestBody() {
      return limitBytes / Math.max(BODY_COPIES, 1 + parserCopies);
    }

    /** Gives back what is not needed any more when all of the body is in one array. */
    public void keepBody(long arrayLength) {
      usedBytes = arrayLength;
      giveBackUnused();
    }

    /**
     * Reserves what it takes at least to parse the body, and more if there is more. Large pushes
     * are served in the order in which they come here.
     *
     * @throws OverloadedException if there is no room
     */
    public void takeForParser(long bodyLength) throws OverloadedException {
      long least = usedBytes + parserCopies * bodyLength;
      long likely = usedBytes + LIKELY_GROWTH * bodyLength;
      if (likely > FREE_BYTES) {
        requireInTurn(least, () -> tryReserve(least, likely));
      }
      use(least);
    }

    @Override
    public boolean take(long textBytes) {
      try {
        add(TEXT_COPIES * textBytes);
        return true;
      } catch (OverloadedException e) {
        refusal = e;
        return false;
      }
    }

    /** Throws why {@link #take} granted nothing to a parser, if so. */
    public void throwRefusal() throws OverloadedException {
      if (refusal != null) {
        throw refusal;
      }
    }

    /**
     * Reserves more.
     *
     * @throws OverloadedException if there is no room; what was reserved before stays
     */
    void add(long bytes) throws OverloadedException {
      long total = usedBytes + bytes;
      if (total > FREE_BYTES) {
        require(total, () -> tryReserve(total, total));
      }
      use(total);
    }

    /** Gives back some of what was reserved with {@link #add}. */
    void giveBack(long bytes) {
      usedBytes -= bytes;
      giveBackUnused();
    }

    /** The most bytes that the push has taken at a time; 0 if that was too little to count. */
    public long countedBytes() {
      return ownBytes == 0 ? 0 : mostUsedBytes;
    }

    /**
     * Lets a push into the store, where it must go before this is closed.
     *
     * @throws OverloadedException if the store has no room
     */
    public void admit(MetricStore target, Push push) throws OverloadedException {
      giveBackUnused();
      if (tryAdmit(target, push)) {
        return; // Usual case.
      }
      target.findLargestPush();
      checkRoom(target, push);
      if (!tryAdmit(target, push) && !await(() -> tryAdmit(target, push))) {
        checkRoom(target, push);
        throw busy(push.heapBytes());
      }
    }

    private boolean tryAdmit(MetricStore target, Push push) {
      long bytes = push.heapBytes();
      long others = arrivingBytes.getAndAdd(bytes);
      if (hasRoom(target, push, bytes, others)) {
        ownArrivingBytes = bytes;
        return true;
      }
      arrivingBytes.addAndGet(-bytes);
      return false;
    }

    private boolean hasRoom(MetricStore target, Push push, long bytes, long others) {
      long retained = target.retainedBytes();
      long all = target.storedBytes() + retained + others + bytes;
      if (all <= newGroupBytes && all + mostToRepeat(target) <= pushBytes) {
        return true; // Usual case: there is room even if nothing goes.
      }
      boolean mayRetainMore =
          ownBytes > 0 || retained == 0 || all + reservedBytes.get() <= roomBytes;
      return mayRetainMore && fullness(target, target.growth(push), others).isEmpty();
    }

    private long mostToRepeat(MetricStore target) {
      return Math.max(target.largestPushBytes(), countedBytes());
    }

    /** Names the limit that a push would pass beside others; empty if there is none. */
    private String fullness(MetricStore target, Growth growth, long others) {
      long stored = target.storedBytes();
      long after = stored + others + growth.bytes();
      long limit = growth.isNew() ? newGroupBytes : storeBytes;
      long repeat = mostToRepeat(target);
      if (growth.bytes() <= 0 || after <= limit && after + repeat <= pushBytes) {
        return "";
      }
      String used = after > limit ? used(stored, limit) : used(stored + repeat, pushBytes);
      return after > limit ? used : used + ", with room to push the largest group again";
    }

    private static String used(long bytes, long limit) {
      return String.format("%d of %d MiB used", bytes >> 20, limit >> 20);
    }

    private void checkRoom(MetricStore target, Push push) throws OverloadedException {
      String fullness = fullness(target, target.growth(push), 0);
      if (!fullness.isEmpty()) {
        throw OverloadedException.full(
            "store is full: " + fullness + "; delete groups or raise -Xmx");
      }
    }

    private boolean tryReserveBody(long bytes, long likelyBytes) {
      long others = reservedBytes.get() - ownBytes;
      return (others == 0 || others + likelyBytes <= freeBytes()) && tryReserve(bytes, bytes);
    }

    /** Reserves so much that the request has between these in all. */
    private boolean tryReserve(long leastBytes, long likelyBytes) {
      // No more than three quarters of what is left, as there may be small pushes, too.
      long left = freeBytes() - reservedBytes.get();
      long wanted = Math.max(leastBytes, Math.min(likelyBytes, ownBytes + left / 4 * 3));
      long more = Math.max(0, wanted - ownBytes);
      if (reservedBytes.addAndGet(more) <= freeBytes() || more == 0) {
        ownBytes += more;
        return true;
      }
      reservedBytes.addAndGet(-more);
      return false;
    }

    private long freeBytes() {
      return limitBytes - storedBytes() - retainedBytes();
    }

    private void use(long bytes) {
      usedBytes = bytes;
      mostUsedBytes = Math.max(mostUsedBytes, bytes);
    }

    private void giveBackUnused() {
      if (ownBytes > usedBytes) {
        reservedBytes.addAndGet(usedBytes - ownBytes);
        ownBytes = usedBytes;
      }
    }

    private void requireInTurn(long bytes, BooleanSupplier attempt) throws OverloadedException {
      if (!nextToParse.isLocked() && attempt.getAsBoolean()) {
        return; // Usual case.
      }
      if (!canFit(bytes)) {
        throw refusal(bytes);
      }
      boolean isNext = false;
      try {
        long leftNanos = deadlineNanos() - System.nanoTime();
        isNext =
            nextToParse.getQueueLength() < MAX_WAITING
                && nextToParse.tryLock(leftNanos, TimeUnit.NANOSECONDS);
        if (!isNext) {
          throw refusal(bytes);
        }
        require(bytes, attempt);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw refusal(bytes);
      } finally {
        if (isNext) {
          nextToParse.unlock();
        }
      }
    }

    /** Waits until an attempt to reserve succeeds, if that can be. */
    private void require(long bytes, BooleanSupplier attempt) throws OverloadedException {
      if (!attempt.getAsBoolean() && !(canFit(bytes) && await(attempt))) {
        throw refusal(bytes);
      }
    }

    private boolean await(BooleanSupplier attempt) {
      try {
        if (waiting.incrementAndGet() > MAX_WAITING) {
          return false;
        }
        while (deadlineNanos() - System.nanoTime() > 0 && !Thread.currentThread().isInterrupted()) {
          if (retainedBytes() > 0) {
            relief.run();
          }
          LockSupport.parkNanos(LOOK_NANOS);
          if (attempt.getAsBoolean()) {
            return true;
          }
        }
        return false;
      } finally {
        waiting.decrementAndGet();
      }
    }

    /** When the request gives up waiting, as {@link System#nanoTime}. Starts at the first call. */
    long deadlineNanos() {
      if (deadlineNanos == 0) {
        deadlineNanos = System.nanoTime() + maxWaitNanos;
      }
      return deadlineNanos;
    }

    private boolean canFit(long bytes) {
      return bytes <= limitBytes - storedBytes();
    }

    private OverloadedException refusal(long bytes) {
      return canFit(bytes)
          ? busy(bytes)
          : OverloadedException.full(
              "the request needs about "
                  + inWords(bytes)
                  + " of memory, more than is left beside the store; delete groups or raise -Xmx");
    }

    private static OverloadedException busy(long bytes) {
      return OverloadedException.busy(
          "not enough memory right now (needs about " + inWords(bytes) + "); retry later");
    }

    private static String inWords(long bytes) {
      return bytes < 1 << 20 ? Math.max(1, bytes >> 10) + " KiB" : (bytes >> 20) + " MiB";
    }

    @Override
    public void close() {
      reservedBytes.addAndGet(-ownBytes);
      arrivingBytes.addAndGet(-ownArrivingBytes);
      ownBytes = 0;
      ownArrivingBytes = 0;
    }
  }
}
