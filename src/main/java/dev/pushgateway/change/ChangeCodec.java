package dev.pushgateway.change;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.block.FamilyBlockRecord;
import dev.pushgateway.block.UnknownTypeException;
import dev.pushgateway.bytes.BytesReader;
import dev.pushgateway.bytes.BytesWriter;
import dev.pushgateway.bytes.MalformedBytesException;
import dev.pushgateway.model.Labels;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns a change into bytes and back. Adds neither a length nor a checksum: the caller must know
 * where the bytes end, and whether they are intact.
 *
 * <pre>
 *   change   [kind, one byte that is never zero][field]…     fields as BytesWriter draws them
 *
 *   kind     1 pushed, 2 push failed, 3 deleted, 4 wiped, 5 stored
 *
 *   1 key                 of all kinds but wiped; name, value, name, value, …: parts of UTF-8
 *   2 time                of all kinds but stored; this and all times: 8 bytes, nanoseconds since 1970
 *   3 replaces            of a push: one byte, 0 or 1
 *   4 family              of a push, as often as needed: see FamilyBlockRecord
 *   5 push time           of a stored group; 0 for never
 *   6 failure time        of a stored group; 0 for never
 *   7 push time stamp     when the family came that exposes the push time
 *   8 failure time stamp  when the family came that exposes the failure time
 *   9 stored family       of a stored group, as often as needed: [time 8][family as in 4]
 * </pre>
 *
 * <p>A reader skips unknown fields. A new field must therefore be one that older gateways can
 * ignore; any other addition needs a new kind. A reader stops at an unknown kind or metric type:
 * {@link UnknownChangeException}.
 */
public final class ChangeCodec {
  private static final int PUSHED = 1;
  private static final int PUSH_FAILED = 2;
  private static final int DELETED = 3;
  private static final int WIPED = 4;
  private static final int STORED = 5;

  private static final int KEY = 1;
  private static final int TIME = 2;
  private static final int REPLACES = 3;
  private static final int FAMILY = 4;
  private static final int PUSH_TIME = 5;
  private static final int FAILURE_TIME = 6;
  private static final int PUSH_TIME_STAMP = 7;
  private static final int FAILURE_TIME_STAMP = 8;
  private static final int STORED_FAMILY = 9;

  /** More than the length of a kind, a flag and five times, in bytes. */
  private static final int MAX_FIXED_LENGTH = 64;

  /** The length of a field number, a length, and the time of a stored family, in bytes. */
  private static final int MAX_FAMILY_START = 1 + 5 + Long.BYTES;

  private static final int MAX_LENGTH_LENGTH = 5;
  private static final int MAX_UTF8_PER_CHAR = 3;

  private ChangeCodec() {}

  /**
   * Returns an upper bound of the length of a change, in bytes. For a long change it is close to
   * the length.
   */
  public static long maxLength(Change change) {
    long sum = MAX_FIXED_LENGTH;
    if (change instanceof Change.OfGroup ofGroup) {
      sum += maxKeyLength(ofGroup.key());
    }
    if (change instanceof Change.Pushed pushed) {
      for (FamilyBlock block : pushed.families()) {
        sum += MAX_FAMILY_START + FamilyBlockRecord.length(block);
      }
    } else if (change instanceof Change.Stored stored) {
      for (Change.StoredFamily family : stored.families()) {
        sum += MAX_FAMILY_START + FamilyBlockRecord.length(family.block());
      }
    }
    return sum;
  }

  private static long maxKeyLength(GroupingKey key) {
    Labels labels = key.labels();
    long length = 0;
    for (int i = 0; i < labels.size(); i++) {
      length += 2 * MAX_LENGTH_LENGTH;
      length += MAX_UTF8_PER_CHAR * (long) (labels.name(i).length() + labels.value(i).length());
    }
    return length;
  }

  /**
   * Writes a change.
   *
   * @param out has room for {@link #maxLength} bytes at {@code at}
   * @return the offset behind the change
   */
  public static int write(Change change, byte[] out, int at) {
    BytesWriter writer = new BytesWriter(out, at);
    if (change instanceof Change.Pushed pushed) {
      writeStart(writer, PUSHED, pushed);
      writer.writeFieldStart(REPLACES, 1);
      writer.writeByte(pushed.replace() ? 1 : 0);
      for (FamilyBlock block : pushed.families()) {
        writer.writeFieldStart(FAMILY, FamilyBlockRecord.length(block));
        writeFamily(writer, block, out);
      }
    } else if (change instanceof Change.PushFailed failed) {
      writeStart(writer, PUSH_FAILED, failed);
    } else if (change instanceof Change.Deleted deleted) {
      writeStart(writer, DELETED, deleted);
    } else if (change instanceof Change.Wiped wiped) {
      writer.writeByte(WIPED);
      writeTime(writer, TIME, wiped.timeNanos());
    } else if (change instanceof Change.Stored stored) {
      writer.writeByte(STORED);
      writeStored(writer, stored, out);
    }
    return writer.end();
  }

  private static void writeStart(BytesWriter writer, int kind, Change.OfGroup change) {
    writer.writeByte(kind);
    writeKey(writer, change.key());
    writeTime(writer, TIME, change.timeNanos());
  }

  private static void writeStored(BytesWriter writer, Change.Stored stored, byte[] out) {
    writeKey(writer, stored.key());
    writeTime(writer, PUSH_TIME, stored.pushTimeNanos());
    writeTime(writer, FAILURE_TIME, stored.failureTimeNanos());
    writeTime(writer, PUSH_TIME_STAMP, stored.pushTimeStampNanos());
    writeTime(writer, FAILURE_TIME_STAMP, stored.failureTimeStampNanos());
    for (Change.StoredFamily family : stored.families()) {
      long length = Long.BYTES + FamilyBlockRecord.length(family.block());
      writer.writeFieldStart(STORED_FAMILY, length);
      writer.writeLong(family.timeNanos());
      writeFamily(writer, family.block(), out);
    }
  }

  private static void writeKey(BytesWriter writer, GroupingKey key) {
    Labels labels = key.labels();
    byte[] content = new byte[Math.toIntExact(maxKeyLength(key))];
    BytesWriter parts = new BytesWriter(content, 0);
    for (int i = 0; i < labels.size(); i++) {
      parts.writeText(labels.name(i));
      parts.writeText(labels.value(i));
    }
    writer.writeFieldStart(KEY, parts.end());
    writer.writeBytes(content, parts.end());
  }

  private static void writeTime(BytesWriter writer, int field, long nanos) {
    writer.writeFieldStart(field, Long.BYTES);
    writer.writeLong(nanos);
  }

  private static void writeFamily(BytesWriter writer, FamilyBlock block, byte[] out) {
    writer.end(FamilyBlockRecord.write(block, out, writer.end()));
  }

  /**
   * Reads a change that fills bytes {@code [from, to)} exactly. Keeps no reference to the array.
   *
   * @throws MalformedChangeException if the bytes are not a change
   * @throws UnknownChangeException if a newer gateway has written the change
   */
  public static Change read(byte[] bytes, int from, int to)
      throws MalformedChangeException, UnknownChangeException {
    try {
      BytesReader reader = new BytesReader(bytes, from, to);
      int kind = reader.readByte() & 0xFF;
      if (kind < PUSHED || kind > STORED) {
        throw new UnknownChangeException("record kind " + kind);
      }
      Fields fields = new Fields();
      fields.read(reader);
      return fields.change(kind);
    } catch (UnknownTypeException e) {
      throw new UnknownChangeException(e.getMessage());
    } catch (MalformedBytesException e) {
      throw new MalformedChangeException(e.getMessage());
    }
  }

  /** The fields of one change that have been read. */
  private static final class Fields {
    private GroupingKey key;
    private Boolean replaces;
    private final Long[] times = new Long[FAILURE_TIME_STAMP + 1];
    private final List<FamilyBlock> families = new ArrayList<>();
    private final List<Change.StoredFamily> storedFamilies = new ArrayList<>();

    void read(BytesReader reader) throws MalformedBytesException, UnknownTypeException {
      while (reader.hasNext()) {
        int number = reader.readVarint();
        BytesReader field = reader.readPart();
        switch (number) {
          case KEY -> key = readKey(field);
          case TIME, PUSH_TIME, FAILURE_TIME, PUSH_TIME_STAMP, FAILURE_TIME_STAMP ->
              times[number] = field.readLong();
          case REPLACES -> replaces = field.readFlag();
          case FAMILY -> families.add(readFamily(field));
          case STORED_FAMILY -> {
            long familyNanos = field.readLong();
            storedFamilies.add(new Change.StoredFamily(readFamily(field), familyNanos));
          }
          default -> {} // A newer gateway has written this field.
        }
      }
    }

    private static GroupingKey readKey(BytesReader field) throws MalformedBytesException {
      List<String> labels = new ArrayList<>();
      while (field.hasNext()) {
        labels.add(field.readText());
        labels.add(field.readText());
      }
      try {
        return new GroupingKey(Labels.of(labels.toArray(new String[0])));
      } catch (IllegalArgumentException e) {
        throw field.malformed(e.getMessage());
      }
    }

    private static FamilyBlock readFamily(BytesReader field)
        throws MalformedBytesException, UnknownTypeException {
      return FamilyBlockRecord.read(field.bytes(), field.offset(), field.to());
    }

    Change change(int kind) throws MalformedBytesException {
      return switch (kind) {
        case PUSHED ->
            new Change.Pushed(
                needed(key, "key"),
                needed(replaces, "replaces"),
                needed(times[TIME], "time"),
                families);
        case PUSH_FAILED -> new Change.PushFailed(needed(key, "key"), needed(times[TIME], "time"));
        case DELETED -> new Change.Deleted(needed(key, "key"), needed(times[TIME], "time"));
        case WIPED -> new Change.Wiped(needed(times[TIME], "time"));
        default ->
            new Change.Stored(
                needed(key, "key"),
                needed(times[PUSH_TIME], "push time"),
                needed(times[FAILURE_TIME], "failure time"),
                needed(times[PUSH_TIME_STAMP], "push time stamp"),
                needed(times[FAILURE_TIME_STAMP], "failure time stamp"),
                storedFamilies);
      };
    }

    private static <T> T needed(T value, String name) throws MalformedBytesException {
      if (value == null) {
        throw new MalformedBytesException("the field \"" + name + "\" is missing");
      }
      return value;
    }
  }
}
