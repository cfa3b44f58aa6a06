package dev.pushgateway.http;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Hands long arrays on in slices. A server that looks whether a client goes on reading sees whole
 * writes only, and one of 60 MB would look like a client that has stopped.
 *
 * <p>While groups are pushed, the thread gives way between slices. A long answer keeps a processor
 * busy to the end of its time slice otherwise, 3 to 4 ms on Linux, and with as many answers and
 * clients as there are processors, a push that comes waits for that.
 */
final class SlicedOutput extends FilterOutputStream {
  /** So long that it costs nothing: some 5 µs for each slice. */
  private static final int SLICE_BYTES = 256 << 10;

  /** What a push waits for an answer; the shorter, the more pauses an answer is made longer by. */
  private static final long TURN_NANOS = 500_000;

  /**
   * The shortest there is: Linux makes 50 µs of it. A yield would not do for a virtual thread,
   * which keeps its processor then, and costs another the rest of its time slice.
   */
  private static final long PAUSE_NANOS = 1;

  private final BooleanSupplier pushes;
  private long turnNanos = System.nanoTime();

  /**
   * Hands on what is written.
   *
   * @param pushes whether groups are being pushed now
   */
  SlicedOutput(OutputStream out, BooleanSupplier pushes) {
    super(out);
    this.pushes = pushes;
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    for (int done = 0; done < length; done += SLICE_BYTES) {
      out.write(bytes, from + done, Math.min(SLICE_BYTES, length - done));
      giveWay();
    }
  }

  private void giveWay() {
    long now = System.nanoTime();
    if (now - turnNanos >= TURN_NANOS) {
      turnNanos = now;
      if (pushes.getAsBoolean()) {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }
}
