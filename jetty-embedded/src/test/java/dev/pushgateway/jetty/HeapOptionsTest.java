package dev.pushgateway.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;

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

  /** The least must never be above the most: in whichever order, the JVM would refuse that. */
  @Test
  void changesTheRatiosThereAndBack() {
    HeapOptions.set();
    Map<String, String> atWork = ratios();
    HeapOptions.keepLittleFree(true);
    Map<String, String> atRest = ratios();
    HeapOptions.keepLittleFree(false);
    assertEquals(atWork, ratios());
    atRest.forEach(
        (name, value) -> {
          boolean lower = Integer.parseInt(value) < Integer.parseInt(atWork.get(name));
          assertEquals(!isSetByHand(name), lower, name + " " + value);
        });
  }

  private Map<String, String> ratios() {
    Map<String, String> ratios = new HashMap<>();
    for (String name : new String[] {"MinHeapFreeRatio", "MaxHeapFreeRatio"}) {
      ratios.put(name, jvm.getVMOption(name).getValue());
    }
    return ratios;
  }

  private boolean isSetByHand(String name) {
    return jvm.getVMOption(name).getOrigin() == VMOption.Origin.VM_CREATION;
  }
}
