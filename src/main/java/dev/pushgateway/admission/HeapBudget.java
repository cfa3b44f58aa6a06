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
 * Divides the heap between the store and the requests, so that the heap never runs out. A request
 * reserves large memory, in bytes, before it allocates it. A request without room is refused.
 *
 * <pre>
 *   0           4/9 1/2      21/32      3/4 - 16 MiB          heap
 *   | stored     | * | pushes  | scrapes  | server, garbage    |
 *                  * for groups that exist already
 * </pre>
 *
 * <p>Requests may also use the free part of the store's memory. The rules:
 *
 * <ol>
 *   <li>A push is read and parsed only if stored and reserved bytes leave room for that.
 *   <li>A push may let the store grow only if there is then room to push the largest group again.
 *   <li>A push that does not let the store grow must only meet rule 1.
 * </ol>
 *
 * <p>Hence each push that was stored once fits again when nothing else runs. Rule 2 counts the
 * memory that a push took, not its group's: a body full of comments takes much and stores little. A
 * reservation is never smaller than the stored push, so that the rules also hold for concurrent
 * pushes.
 *
 * <p>Pages that scrapes write ahead have their own limit, at most 1/64 of the heap. They belong to
 * the server's part.
 *
 * <p>Requests of at most {@link #FREE_BYTES} are not counted, because their number is limited.
 *
 * <p>Thread-safe. Takes a lock only when memory is short.
 */
public final class HeapBudget {
  /** Requests up to this size are not counted: 400 of them take 25 MB of the server's part. */
  public static final long FREE_BYTES = 64 << 10;

  private static final long SERVER_BYTES = 16 << 20;

  /** Limit of waiting requests, which hold threads: 1/8 of the default limit on pushes. */
  static final int MAX_WAITING = 50;

  /** Limit of all waits of one request: half the timeout of Prometheus's Java client. */
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

  /** Held by the push that is parsed next; other large pushes queue for it. */
  private final ReentrantLock nextToParse = new ReentrantLock(true);

  private final AtomicInteger waiting = new AtomicInteger();
  private volatile Runnable relief = () -> {};

  /**
   * Creates a budget.
   *
   * @param heapBytes the maximum size of the heap
   * @param store absent until the store is ready
   */
  public HeapBudget(long heapBytes, Supplier<Optional<MetricStore>> store) {
    this(heapBytes, store, MAX_WAIT_NANOS);
  }

  /** Creates a budget in which a request waits at most {@code maxWaitNanos}. */
  HeapBudget(long heapBytes, Supplier<Optional<MetricStore>> store, long maxWaitNanos) {
    this.store = store;
    this.maxWaitNanos = maxWaitNanos;
    storeBytes = heapBytes / 2;
    newGroupBytes = storeBytes / 9 * 8;
    roomBytes = Math.max(0, heapBytes / 4 * 3 - SERVER_BYTES);
    pushBytes = roomBytes / 8 * 7;
  }

  /** Sets the action that ends slow scrapes that keep replaced data when memory is short. */
  void onShortage(Runnable newRelief) {
    relief = newRelief;
  }

  /** Opens a reservation for one push, whose body may be text. */
  public Reservation open(boolean isText) {
    return new Reservation(pushBytes, isText ? Reservation.TEXT_COPIES : 0);
  }

  /** Opens a reservation for one scrape. Pushes always leave some memory for scrapes. */
  Reservation openForScrape() {
    return new Reservation(roomBytes, 0);
  }

  /** Returns the bytes that are reserved now. */
  public long reservedBytes() {
    return reservedBytes.get();
  }

  private long storedBytes() {
    return store.get().map(MetricStore::storedBytes).orElse(0L);
  }

  private long retainedBytes() {
    return store.get().map(MetricStore::retainedBytes).orElse(0L);
  }

  /** The memory that one request has reserved. Not thread-safe. */
  public final class Reservation implements TextAllowance, AutoCloseable {
    /** G1 moves no large arrays: a longer one may not fit into the space of a shorter one. */
    private static final long BODY_COPIES = 2;

    /** A buffer that doubles, and the block that is copied from it. */
    private static final long TEXT_COPIES = 3;

    /** Usual memory of a push, in bytes per byte of its body. */
    private static final long LIKELY_GROWTH = 12;

    private final long limitBytes;

    /** Minimum number of copies of a body that the parser makes. */
    private final long parserCopies;

    /** Counted in {@link #reservedBytes}: 0, or at least {@link #usedBytes}. */
    private long ownBytes;

    /** Counted in {@link #arrivingBytes}. */
    private long ownArrivingBytes;

    private long usedBytes;
    private long mostUsedBytes;

    /** The end of all waiting, as {@link System#nanoTime}; 0 before the first wait. */
    private long deadlineNanos;

    /** The reason why {@link #take(long)} returned false. */
    private OverloadedException refusal;

    private Reservation(long limitBytes, long parserCopies) {
      this.limitBytes = limitBytes;
      this.parserCopies = parserCopies;
    }

    /**
     * Reserves memory for the array that a body grows into, and for the shorter array before.
     * Several large bodies could fill the memory and wait for each other. A large body is read
     * beside others only if its usual memory is free.
     *
     * @param arrayLength of the array
     * @param bodyLength of the body as far as known; the body may be longer
     * @throws OverloadedException if there is no room to read and parse the body
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

    /** Returns the length of the largest body that fits beside an empty store. */
    public long largestBody() {
      return limitBytes / Math.max(BODY_COPIES, 1 + parserCopies);
    }

    /** Gives back unused memory when the whole body is in one array. */
    public void keepBody(long arrayLength) {
      usedBytes = arrayLength;
      giveBackUnused();
    }

    /**
     * Reserves the minimum memory to parse the body, and more if available. Large pushes are served
     * in the order of their calls.
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

    /** Throws the refusal of {@link #take}, if it returned false. */
    public void throwRefusal() throws OverloadedException {
      if (refusal != null) {
        throw refusal;
      }
    }

    /**
     * Reserves more.
     *
     * @throws OverloadedException if there is no room; the memory reserved before stays reserved
     */
    void add(long bytes) throws OverloadedException {
      long total = usedBytes + bytes;
      if (total > FREE_BYTES) {
        require(total, () -> tryReserve(total, total));
      }
      use(total);
    }

    /** Gives back some of the memory reserved with {@link #add}. */
    void giveBack(long bytes) {
      usedBytes -= bytes;
      giveBackUnused();
    }

    /** Returns the peak memory of the push in bytes; 0 if too little to be counted. */
    public long countedBytes() {
      return ownBytes == 0 ? 0 : mostUsedBytes;
    }

    /**
     * Admits a push to the store. The push must be stored before this reservation is closed.
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
        return true; // Usual case: there is room even if no stored data goes.
      }
      boolean mayRetainMore =
          ownBytes > 0 || retained == 0 || all + reservedBytes.get() <= roomBytes;
      return mayRetainMore && fullness(target, target.growth(push), others).isEmpty();
    }

    private long mostToRepeat(MetricStore target) {
      return Math.max(target.largestPushBytes(), countedBytes());
    }

    /** Returns the limit that the store would exceed with a push; empty if none. */
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

    /** Reserves at least the first and at most the second, including what is reserved already. */
    private boolean tryReserve(long leastBytes, long likelyBytes) {
      // At most three quarters of the free bytes, to leave room for small pushes.
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

    /** Waits until an attempt succeeds; refuses at once if the bytes can never fit. */
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

    /** Returns the end of all waiting, as nanoTime; the first call starts the time. */
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
