package dev.pushgateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.telemetry.OwnMetrics;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class OwnFamiliesTest {
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
    OwnMetrics metrics = new OwnMetrics(Map.of());
    metrics.countRequest("push", 200, "PUT");
    metrics.observePush("PUT", 1, 1);
    assertEquals(
        OwnFamilies.RESERVED,
        new OwnFamilies(metrics)
            .families().stream()
                .filter(family -> family.name().startsWith("pushgateway_"))
                .collect(Collectors.toMap(FamilyBlock::name, FamilyBlock::type)));
  }
}
