package dev.pushgateway.bytes;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Bytes on their way to a target, which gets a piece of them whenever there is one. However many
 * bytes are added, the array stays short, if each addition is short or goes through {@link
 * #addThrough}, and is followed by a {@link #drain}.
 *
 * <p>All methods throw an {@link UncheckedIOException} if the target throws an {@code IOException}.
 *
 * <p>Not thread-safe.
 */
public final class DrainedBytes extends ByteArray {
  /** The length of a piece, or a little more. */
  public static final int PIECE_BYTES = 64 << 10;

  private static final int STEP_BYTES = 16 << 10;

  private final Target target;

  /** Takes pieces. */
  public interface Target {
    /** Takes all bytes of a piece; its array is used again afterwards. */
    void write(ByteArray piece) throws IOException;
  }

  /** No bytes yet. */
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

  /** Gives the target all that is left. */
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
