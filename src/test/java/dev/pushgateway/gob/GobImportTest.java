package dev.pushgateway.gob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pushgateway.change.Change;
import dev.pushgateway.change.GroupingKey;
import dev.pushgateway.disk.MemoryDisk;
import dev.pushgateway.gob.GobReader.MalformedGobException;
import dev.pushgateway.model.EscapingScheme;
import dev.pushgateway.model.Metric;
import dev.pushgateway.model.MetricFamily;
import dev.pushgateway.persistence.LogFormat;
import dev.pushgateway.persistence.PersistedGateway;
import dev.pushgateway.protobuf.OfficialProtobuf;
import dev.pushgateway.scrape.ProtobufWriter;
import dev.pushgateway.scrape.TextWriter;
import dev.pushgateway.store.Group;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files that a Go Pushgateway 1.5.1 has written, and what that gateway then answered to a scrape
 * and to {@code /api/v1/metrics}: pushes of every type, groups with several label sets, one that is
 * empty, one deleted, two with a refused push.
 */
class GobImportTest {
  @TempDir Path folder;
  private final MemoryDisk disk = new MemoryDisk();

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = GobImportTest.class.getResourceAsStream("/gob/" + name)) {
      return in.readAllBytes();
    }
  }

  private PersistedGateway open(byte[] content) throws IOException {
    PersistedGateway gateway = new PersistedGateway(folder, disk, Duration.ofMinutes(5));
    disk.put(gateway.path, content);
    return gateway.start();
  }

  @Test
  void scrapeIsTheSame() throws Exception {
    PersistedGateway gateway = open(resource("pushes.gob"));
    ByteArrayOutputStream scrape = new ByteArrayOutputStream();
    new TextWriter().write(gateway.store.families(), EscapingScheme.ALLOW_UTF_8, scrape);
    assertEquals(
        new String(resource("pushes.prom"), StandardCharsets.UTF_8),
        scrape.toString(StandardCharsets.UTF_8));
    gateway.file.close();
  }

  @Test
  void timesAreTheSameToTheNanosecond() throws IOException {
    PersistedGateway gateway = open(resource("pushes.gob"));
    Map<String, String> expected = new TreeMap<>();
    for (JsonNode group : new ObjectMapper().readTree(resource("pushes.json")).get("data")) {
      group
          .properties()
          .forEach(
              field -> {
                if (field.getValue().has("time_stamp")) {
                  String stamp = field.getValue().get("time_stamp").asText();
                  expected.put(
                      new TreeMap<>(labels(group.get("labels"))) + " " + field.getKey(),
                      Instant.parse(stamp).toString());
                }
              });
    }
    Map<String, String> actual = new TreeMap<>();
    for (Group group : gateway.store.groups()) {
      for (Group.Family family : group.families()) {
        actual.put(
            new TreeMap<>(group.key().jobFirst()) + " " + family.name(),
            Instant.ofEpochSecond(0, family.timeNanos()).toString());
      }
    }
    assertEquals(expected, actual);
    gateway.file.close();
  }

  private static Map<String, String> labels(JsonNode labels) {
    Map<String, String> map = new TreeMap<>();
    labels.properties().forEach(label -> map.put(label.getKey(), label.getValue().asText()));
    return map;
  }

  @Test
  void pushTimesAndRefusalsAreTheSame() throws IOException {
    PersistedGateway gateway = open(resource("pushes.gob"));
    List<String> refused = new ArrayList<>();
    for (Group group : gateway.store.groups()) {
      if (!group.lastPushSuccessful()) {
        refused.add(group.key().job());
      }
      boolean pushed = !group.key().job().equals("only-failed");
      assertEquals(pushed ? group.family(Group.PUSH_TIME).timeNanos() : 0, group.pushTimeNanos());
    }
    assertEquals(List.of("failed", "only-failed"), refused);
    gateway.file.close();
  }

  @Test
  void exemplarsAreImported() throws IOException {
    PersistedGateway gateway = open(resource("pushes.gob"));
    Group group =
        gateway.store.groups().stream()
            .filter(g -> g.key().job().equals("protobuf"))
            .findFirst()
            .orElseThrow();
    Metric.Number total = (Metric.Number) group.family("ex_total").block().metric(0).value();
    assertEquals("abc", total.exemplar().labels().get("trace_id"));
    assertEquals(new Metric.Timestamp(1_700_000_000, 5), total.exemplar().timestamp());
    gateway.file.close();
  }

  /**
   * Native histograms of integers and floats, gauge histograms, and fields that this Go Pushgateway
   * does not know, but keeps: creation times, exemplars of native histograms, and units, which it
   * does not show.
   */
  @Test
  void protobufScrapeIsTheSame() throws Exception {
    PersistedGateway gateway = open(resource("native.gob"));
    ByteArrayOutputStream scrape = new ByteArrayOutputStream();
    new ProtobufWriter().write(gateway.store.families(), EscapingScheme.ALLOW_UTF_8, scrape);
    Map<String, String> units = Map.of("native", "seconds", "ex_total", "rows");
    List<MetricFamily> expected = new ArrayList<>();
    for (MetricFamily family : OfficialProtobuf.decode(resource("native.bin"))) {
      String unit = units.get(family.name());
      expected.add(
          new MetricFamily(family.name(), family.type(), family.help(), unit, family.metrics()));
    }
    assertEquals(expected, OfficialProtobuf.decode(scrape.toByteArray()));
    assertEquals(10, expected.size());
    gateway.file.close();
  }

  @Test
  void originalIsKeptAndNextStartReadsOurs() throws IOException {
    byte[] original = resource("pushes.gob");
    PersistedGateway gateway = open(original);
    Map<String, String> imported = gateway.state();
    gateway.file.close();
    assertArrayEquals(original, disk.content(folder.resolve("pushgateway.log.go-backup")));
    gateway.start();
    assertEquals(imported, gateway.state());
    gateway.file.close();
    assertEquals("[pushgateway.log, pushgateway.log.go-backup]", disk.fileNames().toString());
  }

  @Test
  void fileThatFindsNoRoomStaysAsItIs() throws IOException {
    byte[] original = resource("pushes.gob");
    Path path = folder.resolve("pushgateway.log");
    for (int room : new int[] {0, 10, LogFormat.RECORDS_OFFSET, 1000}) {
      disk.put(path, original);
      disk.capacity(room);
      PersistedGateway gateway = new PersistedGateway(folder, disk, Duration.ofMinutes(5));
      IOException refused = assertThrows(IOException.class, gateway::start);
      assertEquals(
          "cannot rewrite persistence file " + path + ": No space left on device",
          refused.getMessage());
      assertEquals("[pushgateway.log]", disk.fileNames().toString(), "room for " + room);
      assertArrayEquals(original, disk.content(path));
    }
  }

  @Test
  void deletedGroupsStayDeleted() throws IOException {
    PersistedGateway gateway = open(resource("pushes.gob"));
    GroupingKey gone = PersistedGateway.key("gone");
    assertTrue(gateway.store.groups().stream().noneMatch(g -> g.key().equals(gone)));
    gateway.file.close();
  }

  @Test
  void emptyFileIsImported() throws IOException {
    PersistedGateway gateway = open(resource("empty.gob"));
    assertEquals(Map.of(), gateway.state());
    assertEquals(0, gateway.droppedRecords());
    gateway.file.close();
  }

  @Test
  void cutFileIsKeptAsideAndNothingOfItImported() throws IOException {
    byte[] whole = resource("pushes.gob");
    for (int length = 60; length < whole.length; length += 97) {
      byte[] cut = Arrays.copyOf(whole, length);
      List<Change> imported = new ArrayList<>();
      disk.put(folder.resolve("cut"), cut);
      assertThrows(
          MalformedGobException.class,
          () -> new GobImport(disk.open(folder.resolve("cut")), imported::add).read(),
          "cut at " + length);
      assertEquals(List.of(), imported);
    }
    PersistedGateway gateway = open(Arrays.copyOf(whole, 3000));
    assertEquals(1, gateway.droppedRecords());
    assertArrayEquals(
        Arrays.copyOf(whole, 3000),
        disk.content(folder.resolve("pushgateway.log.unreadable-20261122T101530Z")));
    gateway.file.close();
  }

  @Test
  void flippedBytesGiveOneClearErrorOrAnImport() throws IOException {
    byte[] whole = resource("pushes.gob");
    for (int at = 0; at < whole.length; at++) {
      for (int mask : new int[] {1 << at % 8}) {
        byte[] flipped = whole.clone();
        flipped[at] ^= (byte) mask;
        disk.put(folder.resolve("flipped"), flipped);
        try {
          new GobImport(disk.open(folder.resolve("flipped")), change -> {}).read();
        } catch (MalformedGobException e) {
          assertTrue(e.getMessage().startsWith("at offset "), e.getMessage());
        }
      }
    }
  }
}
