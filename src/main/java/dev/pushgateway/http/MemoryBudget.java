package dev.pushgateway.http;

import dev.pushgateway.store.StoreLimits;
import java.util.concurrent.atomic.AtomicLong;
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
 * <p>Thread-safe.
 */
final class MemoryBudget {
  /** What a request may take unasked: 400 of them have 25 MB of the part that is the server's. */
  static final long FREE_BYTES = 64 << 10;

  private static final long SERVER_BYTES = 16 << 20;

  /** What pushes leave to scrapes: one in so many bytes. */
  private static final long READ_SHARE = 8;

  private final long roomBytes;
  private final LongSupplier storedBytes;
  private final AtomicLong reservedBytes = new AtomicLong();

  /**
   * A budget.
   *
   * @param heapBytes the largest that the heap may become
   * @param storedBytes what is stored now, in bytes of the heap
   */
  MemoryBudget(long heapBytes, LongSupplier storedBytes) {
    this.roomBytes = Math.max(0, heapBytes / 4 * 3 - SERVER_BYTES);
    this.storedBytes = storedBytes;
  }

  /** Begins to reserve for one push; to be closed when that is done. */
  Reservation open() {
    return new Reservation(roomBytes - roomBytes / READ_SHARE);
  }

  /** Begins to reserve for one scrape, for which pushes have left some. */
  Reservation openForRead() {
    return new Reservation(roomBytes);
  }

  /** What is reserved now. */
  long reservedBytes() {
    return reservedBytes.get();
  }

  /** What one request has reserved. Not thread-safe. */
  final class Reservation implements AutoCloseable {
    private final long mostBytes;
    private long bytes;

    private Reservation(long mostBytes) {
      this.mostBytes = mostBytes;
    }

    /**
     * Reserves more, unless it is little in all.
     *
     * @throws RequestRefusedException if there is no room; what was reserved before stays
     */
    void add(long moreBytes) throws RequestRefusedException {
      if (!tryAdd(moreBytes)) {
        throw refusal(moreBytes);
      }
    }

    /** As {@link #add}, and says whether there was room. */
    boolean tryAdd(long moreBytes) {
      long before = bytes;
      bytes += moreBytes;
      if (bytes <= FREE_BYTES) {
        return true; // Usual case.
      }
      long wanted = before <= FREE_BYTES ? bytes : moreBytes;
      if (reservedBytes.addAndGet(wanted) + storedBytes.getAsLong() <= mostBytes) {
        return true;
      }
      reservedBytes.addAndGet(-wanted);
      bytes = before;
      return false;
    }

    /** Why there is no room, and whether it is of use to try again. */
    RequestRefusedException refusal(long moreBytes) {
      long all = bytes + moreBytes;
      String size = "serving this request takes about " + (all >> 20) + " MiB of memory, and ";
      return all > mostBytes - storedBytes.getAsLong()
          ? RequestRefusedException.full(
              size + "there is less than that beside what is stored; see -Xmx")
          : RequestRefusedException.unavailable(size + "other requests leave less than that");
    }

    @Override
    public void close() {
      if (bytes > FREE_BYTES) {
        reservedBytes.addAndGet(-bytes);
      }
      bytes = 0;
    }
  }
}
