package dev.pushgateway.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.VMOption;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HeapOptionsTest {
  private final HotSpotDiagnosticMXBean jvm =
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);

  @Test
  void setsWhatNobodyHasSetOnTheCommandLine() {
    Map<String, String> expected = new HashMap<>(HeapOptions.OPTIONS);
    expected.replaceAll(
        (name, value) -> isSetByHand(name) ? jvm.getVMOption(name).getValue() : value);
    HeapOptions.set();
    Map<String, String> found = new HashMap<>();
    HeapOptions.OPTIONS.keySet().forEach(name -> found.put(name, jvm.getVMOption(name).getValue()));
    assertEquals(expected, found);
  }

  @Test
  void onlyOldG1InASmallHeapMayRunOutOfRoom() {
    assertTrue(HeapOptions.mayRunOutOfRoom(17, 256L << 20, true));
    assertFalse(HeapOptions.mayRunOutOfRoom(21, 256L << 20, true));
    assertFalse(HeapOptions.mayRunOutOfRoom(17, 1L << 30, true));
    assertFalse(HeapOptions.mayRunOutOfRoom(17, 256L << 20, false));
  }

  private boolean isSetByHand(String name) {
    return jvm.getVMOption(name).getOrigin() == VMOption.Origin.VM_CREATION;
  }
}
