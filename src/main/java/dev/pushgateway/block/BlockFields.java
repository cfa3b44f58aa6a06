package dev.pushgateway.block;

import dev.pushgateway.model.MetricType;

/** The fields of a {@link FamilyBlock} while a builder or a record fills them one by one. */
final class BlockFields {
  String name;
  MetricType type;
  String help;
  String unit;
  int size;
  byte[] text;
  byte[] protobuf;
  int[] textStarts;
  int[] protobufStarts;
  int labelCount;
  int[] labelCounts;
  long firstHash;
  long[] hashes;

  /**
   * The sorted index of each metric, in the order of the push; {@code null} if the push was sorted.
   */
  int[] pushedOrder;

  boolean legacyNames;

  /** True if all metrics are known to have the same label names. */
  boolean sameNames;

  String problem;
}
