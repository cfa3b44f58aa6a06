package dev.pushgateway.block;

import dev.pushgateway.bytes.ByteArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The buffers that a {@link FamilyBlockBuilder} fills while the size of its family is unknown: the
 * text, and arrays with one element per metric.
 *
 * <p>Reused for one family after another: growing new buffers was a third of all memory that a
 * parser allocated. Not thread-safe.
 */
public final class FamilyBuffers {
  private static final int INITIAL_METRICS = 4;

  final ByteArray text = new ByteArray(256);

  /** The metrics as messages, in rich families only. */
  final ByteArray protobuf = new ByteArray(0);

  /**
   * The labels of the current metric as fields of a {@code Metric} message, in rich families only.
   */
  final ByteArray messageLabels = new ByteArray(0);

  final ByteArray unescaped = new ByteArray(0);

  int[] textStarts = new int[INITIAL_METRICS];
  int[] protobufStarts = {};
  int[] labelCounts = new int[INITIAL_METRICS];
  int[] labelsStarts = new int[INITIAL_METRICS];
  public int[] labelsEnds = new int[INITIAL_METRICS];
  public long[] hashes = new long[INITIAL_METRICS];

  /** Returns the array of {@link #text}, with room for {@code capacity} more bytes. */
  public byte[] text(int capacity) {
    text.reserve(capacity);
    return text.bytes;
  }

  /** Makes room for a metric at {@code index}. */
  public void makeRoom(int index) {
    if (index < textStarts.length) {
      return;
    }
    int capacity = index * 2;
    textStarts = Arrays.copyOf(textStarts, capacity);
    labelCounts = Arrays.copyOf(labelCounts, capacity);
    labelsStarts = Arrays.copyOf(labelsStarts, capacity);
    labelsEnds = Arrays.copyOf(labelsEnds, capacity);
    hashes = Arrays.copyOf(hashes, capacity);
  }

  /** Makes {@link #protobufStarts} as long as the other arrays. */
  void makeRoomForProtobuf() {
    if (protobufStarts.length < textStarts.length) {
      protobufStarts = Arrays.copyOf(protobufStarts, textStarts.length);
    }
  }

  private int capacityBytes() {
    int perMetric = 4 * Integer.BYTES + Long.BYTES;
    return text.bytes.length
        + protobuf.bytes.length
        + messageLabels.bytes.length
        + unescaped.bytes.length
        + protobufStarts.length * Integer.BYTES
        + textStarts.length * perMetric;
  }

  /** The idle buffers of one parser. */
  public static final class Pool {
    /** Enough for 15 families of 1,000 series, the largest push that was measured. */
    private static final int MAX_KEPT_BYTES = 3 << 20;

    private final List<FamilyBuffers> idle = new ArrayList<>();
    private int keptBytes;

    public FamilyBuffers take() {
      if (idle.isEmpty()) {
        return new FamilyBuffers();
      }
      FamilyBuffers buffers = idle.remove(idle.size() - 1);
      keptBytes -= buffers.capacityBytes();
      return buffers;
    }

    public void giveBack(FamilyBuffers buffers) {
      int bytes = buffers.capacityBytes();
      if (bytes > MAX_KEPT_BYTES - keptBytes) {
        return;
      }
      buffers.text.length = 0;
      buffers.protobuf.length = 0;
      keptBytes += bytes;
      idle.add(buffers);
    }
  }
}
