package dev.pushgateway.block;

import dev.pushgateway.model.MetricType;

/** The fields of a {@link FamilyBlock}, while a builder or a record fills them one by one. */
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

  /** The index of each metric in the order they came; {@code null} if they came in order. */
  int[] pushedOrder;

  boolean legacyNames;

  /** Whether all metrics are known to have the same label names. */
  boolean sameNames;

  String problem;
}
