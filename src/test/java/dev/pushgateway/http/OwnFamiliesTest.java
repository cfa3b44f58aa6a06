package dev.pushgateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.scrape.MergedFamily;
import dev.pushgateway.telemetry.OwnMetrics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnFamiliesTest {
  private static List<FamilyBlock> parse(String types) {
    StringBuilder text = new StringBuilder();
    for (String family : types.isEmpty() ? new String[0] : types.split(" ")) {
      String[] parts = family.split(":");
      String name = parts[0];
      text.append("# TYPE ").append(name).append(' ').append(parts[1]).append('\n');
      boolean isNumber = parts[1].equals("gauge") || parts[1].equals("counter");
      text.append(isNumber ? name : name + "_count").append(" 1\n");
    }
    return OwnFamilies.parse(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest(name = "{0} and {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      ''                           | a:gauge b:gauge  | a b
      a:gauge c:gauge              | ''               | a c
      a:gauge c:gauge              | b:gauge d:gauge  | a b c d
      b:gauge d:gauge              | a:gauge c:gauge  | a b c d
      b:gauge                      | a:gauge b:gauge c:gauge | a b+ c
      b:counter                    | a:gauge b:gauge c:gauge | a b c
      b_count:gauge                | b:summary        | b_count
      b_sum:gauge                  | b:summary        | b_sum
      b_bucket:gauge               | b:summary        | b b_bucket
      b_bucket:gauge               | b:histogram      | b_bucket
      b_count:gauge                | b:gauge          | b b_count
      b:summary                    | b_count:gauge    | b
      b:summary                    | b_bucket:gauge   | b b_bucket
      b:histogram                  | b_bucket:gauge   | b
      b:gauge                      | b_count:gauge    | b b_count
      b:histogram                  | b:summary        | b
      """)
  void mergesByName(String pushed, String own, String merged) {
    List<MergedFamily> families = new ArrayList<>();
    for (FamilyBlock block : parse(pushed)) {
      families.add(new MergedFamily(List.of(block)));
    }
    assertEquals(
        merged,
        OwnFamilies.merge(families, parse(own)).stream()
            .map(family -> family.name() + (family.blocks().size() > 1 ? "+" : ""))
            .collect(Collectors.joining(" ")));
  }

  @Test
  void countsAtOnceAndLooksAtTheJvmOnceASecond() {
    OwnMetrics metrics = new OwnMetrics(Map.of());
    OwnFamilies own = new OwnFamilies(metrics);
    List<FamilyBlock> before = own.families();
    metrics.countRequest("push", 200, "PUT");
    List<FamilyBlock> after = own.families();
    assertTrue(names(before).contains("jvm_threads_current"));
    assertFalse(names(before).contains("pushgateway_http_requests_total"));
    assertTrue(names(after).contains("pushgateway_http_requests_total"));
    assertTrue(names(after).containsAll(names(before)));
    assertEquals(names(after).stream().sorted().toList(), names(after));
  }

  private static List<String> names(List<FamilyBlock> families) {
    return families.stream().map(FamilyBlock::name).toList();
  }

  @Test
  void reservesTheGatewaysFamilies() {
    assertEquals(
        """
        pushgateway_build_info GAUGE
        pushgateway_http_push_duration_seconds SUMMARY
        pushgateway_http_push_size_bytes SUMMARY
        pushgateway_http_requests_total COUNTER\
        """,
        OwnFamilies.reserved(new OwnMetrics(Map.of())).stream()
            .map(block -> block.name() + " " + block.type())
            .collect(Collectors.joining("\n")));
  }
}
