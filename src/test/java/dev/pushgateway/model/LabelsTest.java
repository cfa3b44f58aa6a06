package dev.pushgateway.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LabelsTest {
  @Test
  void areSortedByCodePoint() {
    Labels labels = Labels.of("b", "2", "😀", "4", "\uFFFD", "3", "B", "1");
    assertEquals("{B=\"1\",b=\"2\",\"\uFFFD\"=\"3\",\"😀\"=\"4\"}", labels.toString());
    assertEquals(4, labels.size());
    assertEquals("B", labels.name(0));
    assertEquals("4", labels.value(3));
  }

  @Test
  void areFoundByName() {
    Labels labels = Labels.of("a", "1", "b", "");
    assertEquals("1", labels.get("a"));
    assertEquals("", labels.get("b"));
    assertNull(labels.get("1"));
  }

  @Test
  void refuseANameTwiceAndANameWithoutValue() {
    assertThrows(IllegalArgumentException.class, () -> Labels.of("a", "1", "a", "1"));
    assertThrows(IllegalArgumentException.class, () -> Labels.of("a", "1", "b"));
  }

  @Test
  void areEqualByContent() {
    Labels labels = Labels.of("a", "1", "b", "2");
    assertEquals(labels, Labels.of("b", "2", "a", "1"));
    assertEquals(labels.hashCode(), Labels.of("b", "2", "a", "1").hashCode());
    assertNotEquals(labels, Labels.of("a", "1"));
    assertNotEquals(labels, Labels.of("a", "2", "b", "1"));
  }

  @Test
  void doNotChangeWithTheirSource() {
    Map<String, String> source = new HashMap<>(Map.of("a", "1"));
    Labels labels = Labels.of(source);
    source.put("a", "2");
    assertEquals("1", labels.get("a"));
  }

  @Test
  void showEscapes() {
    assertEquals(
        "{a.b=\"\\\\ \\\" \\n\"}".replace("a.b", "\"a.b\""),
        Labels.of("a.b", "\\ \" \n").toString());
    assertEquals("{}", Labels.EMPTY.toString());
  }
}
