package dev.pushgateway.request;

import dev.pushgateway.store.StoreLimits;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.function.LongSupplier;

/**
 * How the heap is divided, so that it never runs out: whatever may take much of it is reserved
 * before it is allocated, and refused if there is no room.
 *
 * <pre>
 *   heap   |  stored, at most half  |  requests  |  a quarter, and 16 MiB: server, garbage  |
 *          0                        '--- up to here, less if less is stored ---'         -Xmx
 * </pre>
 *
 * <p>What is stored is weighed by the store itself ({@link StoreLimits#maxHeapBytes}), which takes
 * an eighth of the heap more while scrapes retain what was replaced. Requests that take less than
 * {@link #FREE_BYTES} are not counted: how many there are is limited, and counting would cost them
 * more than they take.
 *
 * <p>Who finds no room because of other requests waits for it a while, in a queue. Large pushes
 * that come together would all receive a part of their bodies, and then wait for each other: so
 * each claims what it will take, before it takes the first of it, and waits until all claims fit. A
 * claim keeps no memory from those that have none, and lapses after {@link #CLAIM_NANOS}, as a slow
 * sender must not keep others waiting.
 *
 * <p>Thread-safe.
 */
public final class MemoryBudget {
  /** What a request may take unasked: 400 of them have 25 MB of the part that is the server's. */
  public static final long FREE_BYTES = 64 << 10;

  private static final long SERVER_BYTES = 16 << 20;

  /** What pushes leave to scrapes: one in so many bytes. */
  private static final long READ_SHARE = 8;

  /** Half of what the Java client of Prometheus waits for an answer by default. */
  private static final long MAX_WAIT_NANOS = TimeUnit.SECONDS.toNanos(5);

  static final long CLAIM_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Who takes less than one in so many bytes of what is free need not claim it. */
  private static final long CLAIM_SHARE = 8;

  private static final AtomicLongFieldUpdater<Reservation> CLAIM =
      AtomicLongFieldUpdater.newUpdater(Reservation.class, "claim");

  private final long roomBytes;
  private final LongSupplier storedBytes;
  private final long maxWaitNanos;
  private final LongSupplier nanoTime;
  private final AtomicLong reservedBytes = new AtomicLong();
  private final MemoryQueue pushes = new MemoryQueue();
  private final MemoryQueue reads = new MemoryQueue();

  /** Those who wait until their claim fits. */
  private final MemoryQueue claimants = new MemoryQueue();

  /** Of all that was claimed, what was not reserved yet. */
  private final AtomicLong claimedBytes = new AtomicLong();

  /** Those who have claimed something, the oldest first. Changed by whose turn it is. */
  private final Deque<Reservation> claiming = new ArrayDeque<>();

  /**
   * A budget.
   *
   * @param heapBytes the largest that the heap may become
   * @param storedBytes what is stored now, in bytes of the heap
   */
  public MemoryBudget(long heapBytes, LongSupplier storedBytes) {
    this(heapBytes, storedBytes, MAX_WAIT_NANOS, System::nanoTime);
  }

  /** As above, with how long a request waits at most, and a clock for claims. */
  public MemoryBudget(
      long heapBytes, LongSupplier storedBytes, long maxWaitNanos, LongSupplier nanoTime) {
    this.maxWaitNanos = maxWaitNanos;
    this.roomBytes = Math.max(0, heapBytes / 4 * 3 - SERVER_BYTES);
    this.storedBytes = storedBytes;
    this.nanoTime = nanoTime;
  }

  /** Begins to reserve for one push; to be closed when that is done. */
  public Reservation open() {
    return new Reservation(roomBytes - roomBytes / READ_SHARE, pushes);
  }

  /** Begins to reserve for one scrape, for which pushes have left some. */
  Reservation openForRead() {
    return new Reservation(roomBytes, reads);
  }

  /** What is reserved now. */
  public long reservedBytes() {
    return reservedBytes.get();
  }

  private void free(long bytes) {
    reservedBytes.addAndGet(-bytes);
    pushes.wake();
    reads.wake();
    claimants.wake();
  }

  /** What one request has reserved. For one thread at a time. */
  public final class Reservation implements AutoCloseable {
    private final long mostBytes;
    private final MemoryQueue queue;
    private long bytes;

    /** Until when it waits, all in all; 0 if it has not had to. */
    private long untilNanos;

    /** What is left of its claim, which others end when it lapses. */
    private volatile long claim;

    private long claimedNanos;

    private Reservation(long mostBytes, MemoryQueue queue) {
      this.mostBytes = mostBytes;
      this.queue = queue;
    }

    /**
     * Waits until there is room for all that a push will take, as far as is known, or for some
     * seconds at most. Whether there is then, each {@link #add} will see.
     *
     * @param leastBytes that it takes
     * @param likelyBytes a guess
     * @throws RequestRefusedException if there will never be room for the least
     */
    public void expect(long leastBytes, long likelyBytes) throws RequestRefusedException {
      long free = mostBytes - storedBytes.getAsLong();
      if (leastBytes > free) {
        throw refusal(leastBytes);
      }
      // No more than three quarters, as small pushes come and go: all of it would never be free.
      long wanted = Math.min(Math.max(leastBytes, likelyBytes), free / 4 * 3);
      if (wanted > free / CLAIM_SHARE) {
        boolean ignored = claimants.await(() -> tryClaim(wanted), waitsUntil());
      }
    }

    /** One thread at a time. */
    private boolean tryClaim(long wanted) {
      endOldClaims();
      long all = reservedBytes.get() + claimedBytes.get() + wanted + storedBytes.getAsLong();
      if (all > mostBytes || !queue.isEmpty()) {
        return false;
      }
      claim = wanted;
      claimedBytes.addAndGet(wanted);
      claimedNanos = nanoTime.getAsLong();
      claiming.add(this);
      return true;
    }

    private void endOldClaims() {
      long now = nanoTime.getAsLong();
      claiming.removeIf(
          other -> {
            if (now - other.claimedNanos > CLAIM_NANOS) {
              other.endClaim();
            }
            return other.claim == 0;
          });
    }

    private void endClaim() {
      if (claim != 0) {
        claimedBytes.addAndGet(-CLAIM.getAndSet(this, 0));
      }
    }

    /**
     * Reserves more, unless it is little in all. Waits if other requests leave no room.
     *
     * @throws RequestRefusedException if there is no room; what was reserved before stays
     */
    public void add(long moreBytes) throws RequestRefusedException {
      if (!tryAdd(moreBytes)) {
        throw refusal(moreBytes);
      }
    }

    /**
     * Reserves room for an array, if there is as much again. G1 moves no large arrays, so that what
     * is free is not in one piece: of 256 MB, one of 64 MiB had no room when 96 MB were in use.
     *
     * @throws RequestRefusedException if there is no room; what was reserved before stays
     */
    public void addArray(long length) throws RequestRefusedException {
      if (!tryAdd(length, length)) {
        throw refusal(2 * length);
      }
    }

    /** As {@link #add}, and says whether there was room. */
    public boolean tryAdd(long moreBytes) {
      return tryAdd(moreBytes, 0);
    }

    /** Reserves more if there is some to spare beside that. */
    private boolean tryAdd(long moreBytes, long spareBytes) {
      return tryAddNow(moreBytes, spareBytes)
          || canFit(moreBytes + spareBytes)
              && queue.await(() -> tryAddNow(moreBytes, spareBytes), waitsUntil());
    }

    private boolean tryAddNow(long moreBytes, long spareBytes) {
      long before = bytes;
      bytes += moreBytes;
      if (bytes <= FREE_BYTES) {
        return true; // Usual case.
      }
      long wanted = before <= FREE_BYTES ? bytes : moreBytes;
      if (reservedBytes.addAndGet(wanted) + storedBytes.getAsLong() + spareBytes <= mostBytes) {
        if (claim != 0) {
          long left = CLAIM.getAndUpdate(this, claimed -> Math.max(0, claimed - wanted));
          claimedBytes.addAndGet(-Math.min(left, wanted));
        }
        return true;
      }
      reservedBytes.addAndGet(-wanted);
      bytes = before;
      return false;
    }

    private boolean canFit(long moreBytes) {
      return bytes + moreBytes <= mostBytes - storedBytes.getAsLong();
    }

    private long waitsUntil() {
      if (untilNanos == 0) {
        untilNanos = System.nanoTime() + maxWaitNanos;
      }
      return untilNanos;
    }

    /** Why there is no room, and whether it is of use to try again. */
    public RequestRefusedException refusal(long moreBytes) {
      long all = bytes + moreBytes;
      String size = "serving this request takes about " + inWords(all) + " of memory, and ";
      return canFit(moreBytes)
          ? RequestRefusedException.unavailable(size + "other requests leave less than that")
          : RequestRefusedException.full(
              size + "there is less than that beside what is stored; see -Xmx");
    }

    private static String inWords(long bytes) {
      return bytes < 1 << 20 ? Math.max(1, bytes >> 10) + " KiB" : (bytes >> 20) + " MiB";
    }

    @Override
    public void close() {
      endClaim();
      if (bytes > FREE_BYTES) {
        free(bytes);
      }
      bytes = 0;
    }
  }
}
