package dev.pushgateway.gob;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.block.GroupingLabels;
import dev.pushgateway.bytes.BytesWriter;
import dev.pushgateway.change.Change;
import dev.pushgateway.change.Change.StoredFamily;
import dev.pushgateway.change.GroupingKey;
import dev.pushgateway.disk.Disk;
import dev.pushgateway.gob.GobReader.GobType;
import dev.pushgateway.gob.GobReader.Kind;
import dev.pushgateway.gob.GobReader.MalformedGobException;
import dev.pushgateway.model.ExpositionException;
import dev.pushgateway.model.Labels;
import dev.pushgateway.model.Metric;
import dev.pushgateway.parse.ParsedPush;
import dev.pushgateway.parse.ProtobufParser;
import dev.pushgateway.store.Group;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Imports the persistence file of the Go Pushgateway: one map with all groups.
 *
 * <pre>
 *   map[string] struct{                                     by grouping key, which is not needed
 *     Labels  map[string]string                             the grouping key
 *     Metrics map[string] struct{                           by family name
 *       Timestamp            time.Time                      when it was pushed
 *       GobbableMetricFamily a MetricFamily as protobuf     has all labels already
 *     }
 *   }
 * </pre>
 *
 * <p>A file is imported as a whole or not at all: groups are passed on after the last one has been
 * read.
 */
public final class GobImport {
  /** Seconds between the year 1, where Go's times begin, and 1970. */
  private static final long YEAR_ONE_SECONDS = 62_135_596_800L;

  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final int MIN_TIME_LENGTH = 15;
  private static final int MAX_LENGTH_LENGTH = 5;

  private final GobReader gob;
  private final Consumer<Change> sink;
  private final ProtobufParser parser = new ProtobufParser(true);

  public GobImport(Disk.Handle handle, Consumer<Change> sink) {
    this.gob = new GobReader(handle);
    this.sink = sink;
  }

  /** Returns whether a file looks like gob: its first type definitions can be read. */
  public static boolean recognises(Disk.Handle handle) throws IOException {
    try {
      new GobReader(handle).readValueType();
      return true;
    } catch (MalformedGobException e) {
      return false;
    }
  }

  /**
   * Imports all groups.
   *
   * @return the number of groups
   * @throws MalformedGobException if the Go Pushgateway does not write such files; nothing is
   *     imported then
   */
  public int read() throws IOException, MalformedGobException {
    GobType groupsType = expect(Kind.MAP, gob.readValueType());
    int count = gob.readLength();
    List<Change> groups = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      gob.skipValue(groupsType.key());
      groups.add(readGroup(expect(Kind.STRUCT, groupsType.element())));
    }
    groups.forEach(sink);
    return count;
  }

  private Change.Stored readGroup(GobType type) throws IOException, MalformedGobException {
    long start = gob.offset();
    Map<String, String> labels = Map.of();
    Map<String, StoredFamily> families = new LinkedHashMap<>();
    for (int field = gob.nextField(-1); field >= 0; field = gob.nextField(field)) {
      GobReader.Field definition = gob.field(type, field);
      switch (definition.name()) {
        case "Labels" -> labels = readLabels(expect(Kind.MAP, definition.type()));
        case "Metrics" -> families = readFamilies(expect(Kind.MAP, definition.type()));
        default -> gob.skipValue(definition.type());
      }
    }
    try {
      return group(new GroupingKey(Labels.of(labels)), families);
    } catch (IllegalArgumentException e) {
      throw new MalformedGobException("at offset " + start + ": " + e.getMessage());
    }
  }

  private Map<String, String> readLabels(GobType type) throws IOException, MalformedGobException {
    if (type.key() != GobReader.STRING || type.element() != GobReader.STRING) {
      throw gob.malformed("labels are not strings");
    }
    Map<String, String> labels = new LinkedHashMap<>();
    int count = gob.readLength();
    for (int i = 0; i < count; i++) {
      labels.put(gob.readString(), gob.readString());
    }
    return labels;
  }

  private Map<String, StoredFamily> readFamilies(GobType type)
      throws IOException, MalformedGobException {
    GobType familyType = expect(Kind.STRUCT, type.element());
    Map<String, StoredFamily> families = new LinkedHashMap<>();
    int count = gob.readLength();
    for (int i = 0; i < count; i++) {
      gob.skipValue(type.key());
      StoredFamily family = readFamily(familyType);
      families.put(family.block().name(), family);
    }
    return families;
  }

  private StoredFamily readFamily(GobType type) throws IOException, MalformedGobException {
    FamilyBlock block = null;
    long timeNanos = 0;
    for (int field = gob.nextField(-1); field >= 0; field = gob.nextField(field)) {
      GobReader.Field definition = gob.field(type, field);
      switch (definition.name()) {
        case "Timestamp" -> timeNanos = readTime(definition.type());
        case "GobbableMetricFamily" -> block = readBlock(definition.type());
        default -> gob.skipValue(definition.type());
      }
    }
    if (block == null) {
      throw gob.malformed("a family without content");
    }
    return new StoredFamily(block, timeNanos);
  }

  private FamilyBlock readBlock(int type) throws IOException, MalformedGobException {
    byte[] message = readOpaque(type);
    byte[] delimited = new byte[MAX_LENGTH_LENGTH + message.length];
    BytesWriter writer = new BytesWriter(delimited, 0);
    writer.writePart(message); // Writes the length before the message, as in a push.
    try {
      ParsedPush exposition = parser.parse(delimited, 0, writer.end(), GroupingLabels.NONE);
      if (exposition.families().size() != 1) {
        throw gob.malformed("expected one family, found " + exposition.families().size());
      }
      return exposition.families().get(0);
    } catch (ExpositionException e) {
      throw gob.malformed(e.getMessage());
    }
  }

  /**
   * Reads a version, seconds since the year 1, nanoseconds, and a time zone.
   *
   * @return nanoseconds since 1970; 0 for Go's zero time
   */
  private long readTime(int type) throws IOException, MalformedGobException {
    byte[] bytes = readOpaque(type);
    if (bytes.length < MIN_TIME_LENGTH) {
      throw gob.malformed("a time of " + bytes.length + " bytes");
    }
    ByteBuffer time = ByteBuffer.wrap(bytes);
    int version = time.get();
    if (version != 1 && version != 2) {
      throw gob.malformed("a time of version " + version);
    }
    long seconds = time.getLong() - YEAR_ONE_SECONDS;
    return seconds == -YEAR_ONE_SECONDS ? 0 : seconds * NANOS_PER_SECOND + time.getInt();
  }

  private byte[] readOpaque(int id) throws IOException, MalformedGobException {
    GobType type = gob.type(id);
    if (type == null || type.kind() != Kind.OPAQUE) {
      throw gob.malformed("expected bytes of a type that encodes itself");
    }
    return gob.readBytes();
  }

  private GobType expect(Kind kind, int id) throws MalformedGobException {
    GobType type = gob.type(id);
    if (type == null || type.kind() != kind) {
      throw gob.malformed("expected a " + kind.name().toLowerCase(Locale.ROOT));
    }
    return type;
  }

  private static Change.Stored group(GroupingKey key, Map<String, StoredFamily> families) {
    StoredFamily pushTime = families.remove(Group.PUSH_TIME);
    StoredFamily failureTime = families.remove(Group.PUSH_FAILURE_TIME);
    return new Change.Stored(
        key,
        exactTime(pushTime),
        exactTime(failureTime),
        pushTime == null ? 0 : pushTime.timeNanos(),
        failureTime == null ? 0 : failureTime.timeNanos(),
        List.copyOf(families.values()));
  }

  /**
   * Returns the time that a push time family shows, in nanoseconds since 1970. Its value has lost
   * some nanoseconds. Its time stamp is exact and usually the same time. They differ if the value
   * is 0 for "never", or if a client has pushed the family.
   */
  private static long exactTime(StoredFamily family) {
    if (family == null || family.block().size() == 0) {
      return 0;
    }
    boolean number = family.block().metric(0).value() instanceof Metric.Number;
    double seconds = number ? ((Metric.Number) family.block().metric(0).value()).value() : 0;
    boolean same = Math.abs(seconds - (double) family.timeNanos() / NANOS_PER_SECOND) < 0.001;
    return same ? family.timeNanos() : (long) (seconds * NANOS_PER_SECOND);
  }
}
