package dev.pushgateway.persistence;

import static dev.pushgateway.persistence.LogFormat.INTS;
import static dev.pushgateway.persistence.LogFormat.LONGS;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.block.FamilyBlockRecord;
import dev.pushgateway.change.Change;
import dev.pushgateway.change.GroupingKey;
import dev.pushgateway.model.ExpositionException;
import dev.pushgateway.model.Labels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Turns the payload of a record into a change again. */
final class RecordParser {
  /** A payload is not what the format says. */
  static final class MalformedRecordException extends Exception {
    MalformedRecordException(String message) {
      super(message);
    }
  }

  private final byte[] bytes;
  private final int from;
  private final int to;
  private int at;

  private RecordParser(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.from = from;
    this.to = to;
    this.at = from;
  }

  /** The change that bytes {@code [from, to)} hold; keeps no reference to them. */
  static Change parse(byte[] bytes, int from, int to) throws MalformedRecordException {
    RecordParser parser = new RecordParser(bytes, from, to);
    Change change = parser.parse();
    if (parser.at != to) {
      throw parser.malformed((to - parser.at) + " bytes too many");
    }
    return change;
  }

  private Change parse() throws MalformedRecordException {
    int type = readByte();
    return switch (type) {
      case LogFormat.PUSHED -> new Change.Pushed(readKey(), readFlag(), readLong(), readFamilies());
      case LogFormat.PUSH_FAILED -> new Change.PushFailed(readKey(), readLong());
      case LogFormat.DELETED -> new Change.Deleted(readKey(), readLong());
      case LogFormat.WIPED -> new Change.Wiped(readLong());
      case LogFormat.STORED -> readGroup();
      default -> throw malformed("no record has type " + type);
    };
  }

  private Change.Stored readGroup() throws MalformedRecordException {
    GroupingKey key = readKey();
    long pushTimeNanos = readLong();
    long failureTimeNanos = readLong();
    long pushTimeStamp = readLong();
    long failureTimeStamp = readLong();
    int count = readVarint();
    List<Change.StoredFamily> families = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long timeNanos = readLong();
      families.add(new Change.StoredFamily(readFamily(), timeNanos));
    }
    return new Change.Stored(
        key, pushTimeNanos, failureTimeNanos, pushTimeStamp, failureTimeStamp, families);
  }

  private List<FamilyBlock> readFamilies() throws MalformedRecordException {
    int count = readVarint();
    List<FamilyBlock> families = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      families.add(readFamily());
    }
    return families;
  }

  private FamilyBlock readFamily() throws MalformedRecordException {
    need(Integer.BYTES);
    int length = (int) INTS.get(bytes, at);
    at += Integer.BYTES;
    need(length);
    try {
      FamilyBlock block = FamilyBlockRecord.read(bytes, at, at + length);
      at += length;
      return block;
    } catch (ExpositionException e) {
      throw malformed(e.getMessage());
    }
  }

  private GroupingKey readKey() throws MalformedRecordException {
    int count = readVarint();
    need(count);
    String[] labels = new String[count * 2];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = readString();
    }
    try {
      return new GroupingKey(Labels.of(labels));
    } catch (IllegalArgumentException e) {
      throw malformed(e.getMessage());
    }
  }

  private String readString() throws MalformedRecordException {
    int length = readVarint();
    need(length);
    at += length;
    return new String(bytes, at - length, length, StandardCharsets.UTF_8);
  }

  private boolean readFlag() throws MalformedRecordException {
    int flag = readByte();
    if (flag != 0 && flag != 1) {
      throw malformed("expected 0 or 1, found " + flag);
    }
    return flag == 1;
  }

  private int readByte() throws MalformedRecordException {
    need(1);
    return bytes[at++];
  }

  private long readLong() throws MalformedRecordException {
    need(Long.BYTES);
    at += Long.BYTES;
    return (long) LONGS.get(bytes, at - Long.BYTES);
  }

  private int readVarint() throws MalformedRecordException {
    int value = 0;
    for (int shift = 0; shift < 32; shift += 7) {
      int b = readByte();
      value |= (b & 0x7F) << shift;
      if (b >= 0 && value >= 0) {
        return value;
      }
    }
    throw malformed("expected a number");
  }

  private void need(int count) throws MalformedRecordException {
    if (count < 0 || count > to - at) {
      throw malformed("expected " + count + " more bytes, found " + (to - at));
    }
  }

  private MalformedRecordException malformed(String found) {
    return new MalformedRecordException("payload byte " + (at - from) + ": " + found);
  }
}
