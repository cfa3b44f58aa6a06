package dev.pushgateway.bytes;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * A byte array that passes its bytes on to a target, in pieces of {@link #PIECE_BYTES}.
 *
 * <p>The array stays short, however many bytes are added, under one condition. Each addition must
 * be short or go through {@link #addThrough}, and must be followed by a {@link #drain}.
 *
 * <p>All methods throw an {@link UncheckedIOException} if the target throws an {@code IOException}.
 *
 * <p>Not thread-safe.
 */
public final class DrainedBytes extends ByteArray {
  /** The minimum length of a piece, except the last one. A piece is only a little longer. */
  public static final int PIECE_BYTES = 64 << 10;

  private static final int STEP_BYTES = 16 << 10;

  private final Target target;

  /** Receives the pieces. */
  public interface Target {
    /** Takes all bytes of a piece. The array of the piece is reused afterwards. */
    void write(ByteArray piece) throws IOException;
  }

  /** Creates an empty array for a target. */
  public DrainedBytes(Target target) {
    super(PIECE_BYTES + 2 * STEP_BYTES);
    this.target = target;
  }

  @Override
  public void addThrough(byte[] source, int from, int to) {
    for (int at = from; at < to; at += STEP_BYTES) {
      add(source, at, Math.min(to, at + STEP_BYTES));
      drain();
    }
  }

  @Override
  public void drain() {
    if (length >= PIECE_BYTES) {
      flush();
    }
  }

  /** Passes all remaining bytes on to the target. */
  public void flush() {
    try {
      if (length > 0) {
        target.write(this);
        length = 0;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
