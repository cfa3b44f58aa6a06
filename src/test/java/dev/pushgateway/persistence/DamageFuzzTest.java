package dev.pushgateway.persistence;

import static dev.pushgateway.persistence.PersistedGateway.gauge;
import static dev.pushgateway.persistence.PersistedGateway.key;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.change.Change;
import dev.pushgateway.change.GroupingKey;
import dev.pushgateway.disk.MemoryDisk;
import dev.pushgateway.store.Group;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Damages of twenty kinds, at random places of random files: whatever they cost of what the note of
 * the file counts, there is a log line and a count, and the damaged file is kept. Each group is in
 * a state in which it was before, or is named.
 */
class DamageFuzzTest {
  private static final int SEEDS = 26;
  private static final String DAMAGED = "pushgateway.log.damaged-20261122T101530Z";
  private static final String UNREADABLE = "pushgateway.log.unreadable-20261122T101530Z";

  /** A kind of damage, to records {@code [from, to)} of a file that they do not fill. */
  enum Kind {
    FLIPS_A_BIT,
    FLIPS_A_BYTE,
    ZEROES_BYTES,
    OVERWRITES_BYTES,
    REMOVES_BYTES,
    INSERTS_BYTES,
    INSERTS_ZEROS,
    CUTS_THE_FILE,
    CUTS_AT_A_RECORD,
    CUTS_AND_ADDS_ZEROS,
    REMOVES_A_RECORD,
    REMOVES_RECORDS,
    ZEROES_A_RECORD,
    ZEROES_THE_LAST_RECORDS,
    REPEATS_A_RECORD,
    REPEATS_A_RECORD_AT_THE_END,
    SWAPS_TWO_RECORDS,
    OVERWRITES_A_RECORD_WITH_ANOTHER,
    ZEROES_A_PAGE,
    REMOVES_EVERYTHING_BEFORE_A_RECORD
  }

  /** A file, and where its records start. */
  private record File(byte[] bytes, int[] starts) {
    int count() {
      return starts.length - 1;
    }

    byte[] record(int number) {
      return Arrays.copyOfRange(bytes, starts[number], starts[number + 1]);
    }

    /** Other bytes in place of bytes {@code [from, to)}. */
    byte[] with(int from, int to, byte[] others) {
      byte[] all = new byte[bytes.length - (to - from) + others.length];
      System.arraycopy(bytes, 0, all, 0, from);
      System.arraycopy(others, 0, all, from, others.length);
      System.arraycopy(bytes, to, all, from + others.length, bytes.length - to);
      return all;
    }
  }

  @TempDir Path folder;

  private Map<String, String> whole;

  /** The families of all groups, as they were at any time. */
  private final Set<String> states = new HashSet<>();

  /** A file of pushes, refused pushes and deletions, half of the time compacted in between. */
  private File write(Random random) throws IOException {
    MemoryDisk disk = new MemoryDisk();
    PersistedGateway gateway = new PersistedGateway(folder, disk, Duration.ofMinutes(5)).start();
    int compactionAt = random.nextInt(60);
    states.clear();
    for (int i = 0; i < 30; i++) {
      change(gateway, random, i);
      gateway.store.groups().forEach(group -> states.add(describe(group)));
      if (i == compactionAt) {
        gateway.file.rewrite();
      }
    }
    whole = gateway.state();
    gateway.file.close();
    byte[] bytes = disk.content(gateway.path);
    return new File(bytes, starts(bytes));
  }

  private static String describe(Group group) {
    StringBuilder text = new StringBuilder(group.key().toString());
    for (Change.StoredFamily family : group.stored().families()) {
      text.append(' ').append(family.timeNanos()).append(' ');
      text.append(new String(family.block().text(), StandardCharsets.UTF_8));
    }
    return text.toString();
  }

  private static void change(PersistedGateway gateway, Random random, int step) throws IOException {
    GroupingKey key = key("job" + random.nextInt(6));
    switch (random.nextInt(8)) {
      case 0 -> gateway.delete(key);
      case 1 -> gateway.failPush(key, step);
      case 2 -> gateway.push(key, true, step, gauge(key, "g" + random.nextInt(5), step));
      default -> gateway.push(key, false, step, gauge(key, "g" + random.nextInt(5), step));
    }
  }

  private static int[] starts(byte[] bytes) {
    int[] starts = new int[100];
    int count = 0;
    int at = LogFormat.RECORDS_OFFSET;
    while (at < bytes.length) {
      starts[count++] = at;
      at += LogFormat.RECORD_HEADER_LENGTH + (int) LogFormat.INTS.get(bytes, at);
    }
    starts[count] = at;
    return Arrays.copyOf(starts, count + 1);
  }

  private static byte[] randomBytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] damage(Kind kind, File file, Random random) {
    byte[] bytes = file.bytes();
    int[] starts = file.starts();
    int length = bytes.length;
    int one = random.nextInt(file.count());
    int other = (one + 1 + random.nextInt(file.count() - 1)) % file.count();
    int low = Math.min(one, other);
    int high = Math.max(one, other);
    int at = starts[0] + random.nextInt(length - starts[0]);
    int some = at + 1 + random.nextInt(Math.min(200, length - at));
    return switch (kind) {
      case FLIPS_A_BIT ->
          file.with(at, at + 1, new byte[] {(byte) (bytes[at] ^ 1 << random.nextInt(8))});
      case FLIPS_A_BYTE -> file.with(at, at + 1, new byte[] {(byte) ~bytes[at]});
      case ZEROES_BYTES -> file.with(at, some, new byte[some - at]);
      case OVERWRITES_BYTES -> file.with(at, some, randomBytes(random, some - at));
      case REMOVES_BYTES -> file.with(at, some, new byte[0]);
      case INSERTS_BYTES -> file.with(at, at, randomBytes(random, some - at));
      case INSERTS_ZEROS -> file.with(at, at, new byte[some - at]);
      case CUTS_THE_FILE -> Arrays.copyOf(bytes, at);
      case CUTS_AT_A_RECORD -> Arrays.copyOf(bytes, starts[one]);
      case CUTS_AND_ADDS_ZEROS -> Arrays.copyOf(Arrays.copyOf(bytes, at), length + 5_000);
      case REMOVES_A_RECORD -> file.with(starts[one], starts[one + 1], new byte[0]);
      case REMOVES_RECORDS -> file.with(starts[low], starts[high], new byte[0]);
      case ZEROES_A_RECORD ->
          file.with(starts[one], starts[one + 1], new byte[starts[one + 1] - starts[one]]);
      case ZEROES_THE_LAST_RECORDS -> Arrays.copyOf(Arrays.copyOf(bytes, starts[one]), length);
      case REPEATS_A_RECORD -> file.with(starts[one], starts[one], file.record(one));
      case REPEATS_A_RECORD_AT_THE_END -> file.with(length, length, file.record(one));
      case SWAPS_TWO_RECORDS -> {
        File first = new File(file.with(starts[high], starts[high + 1], file.record(low)), starts);
        yield first.with(starts[low], starts[low + 1], file.record(high));
      }
      case OVERWRITES_A_RECORD_WITH_ANOTHER ->
          file.with(starts[one], starts[one + 1], file.record(other));
      case ZEROES_A_PAGE -> {
        int page = Math.max(starts[0], at / 512 * 512);
        int end = Math.min(length, page + 512);
        yield file.with(page, end, new byte[end - page]);
      }
      case REMOVES_EVERYTHING_BEFORE_A_RECORD ->
          file.with(starts[0], starts[Math.max(1, one)], new byte[0]);
    };
  }

  @ParameterizedTest
  @EnumSource
  void noDamageIsSilent(Kind kind) throws IOException {
    int damages = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed * 1_000L + kind.ordinal());
      File file = write(random);
      byte[] damaged = damage(kind, file, random);
      if (!Arrays.equals(damaged, file.bytes())) {
        damages++;
        check(damaged, kind + ", seed " + seed);
      }
    }
    assertTrue(damages > SEEDS / 2, damages + " damages");
  }

  private void check(byte[] damaged, String what) throws IOException {
    MemoryDisk disk = new MemoryDisk();
    PersistedGateway opened = new PersistedGateway(folder, disk, Duration.ofMinutes(5));
    disk.put(opened.path, damaged);
    opened.start();
    Map<String, String> found = opened.state();
    long dropped = opened.file.status().droppedRecords();
    for (Group group : opened.store.groups()) {
      boolean isNamed = opened.file.mixedGroups().contains(group.key());
      assertTrue(isNamed || states.contains(describe(group)), what + ": " + describe(group));
    }
    opened.file.close();
    if (dropped == 0) {
      assertEquals(whole, found, what + " cost something in silence");
      assertTrue(
          disk.fileNames().equals(new TreeSet<>(java.util.List.of("pushgateway.log"))), what);
    } else {
      Path kept = folder.resolve(disk.fileNames().contains(DAMAGED) ? DAMAGED : UNREADABLE);
      assertArrayEquals(damaged, disk.content(kept), what);
    }
    opened.start();
    assertEquals(found, opened.state(), what + ", second start");
    assertEquals(0, opened.file.status().droppedRecords(), what + ", second start");
    opened.file.close();
  }
}
