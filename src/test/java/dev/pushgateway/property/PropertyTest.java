package dev.pushgateway.property;

import static dev.pushgateway.property.Property.forAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PropertyTest {
  private static final Pattern SEED = Pattern.compile("-Dproperty\\.seed=(-?\\d+)");

  @BeforeEach
  void noSeedIsGiven() {
    assumeTrue(System.getProperty(Property.SEED) == null, "all other properties run with one seed");
  }

  @Test
  void triesAsOftenAsAsked_fromSmallToFull() {
    List<Integer> sizes = new ArrayList<>();
    forAll(1_000, draw -> draw.list(0, 100, draw::bool).size(), sizes::add);
    assertEquals(1_000, sizes.size());
    assertTrue(sizes.subList(0, 50).stream().allMatch(size -> size <= 11));
    assertTrue(sizes.stream().anyMatch(size -> size > 90));
  }

  @Test
  void everyOtherTryIsTheSameInEachRun() {
    List<Long> first = drawn();
    List<Long> second = drawn();
    for (int i = 0; i < first.size(); i += 2) {
      assertEquals(first.get(i), second.get(i));
      assertNotEquals(first.get(i + 1), second.get(i + 1));
    }
  }

  private static List<Long> drawn() {
    List<Long> drawn = new ArrayList<>();
    forAll(20, draw -> draw.between(Long.MIN_VALUE, Long.MAX_VALUE - 1), drawn::add);
    return drawn;
  }

  @Test
  void failureNamesASmallInputAndItsSeed_whichFailsAgain() {
    AssertionError failure = assertThrows(AssertionError.class, PropertyTest::failing);
    Matcher seed = SEED.matcher(failure.getMessage());
    assertTrue(seed.find(), failure::getMessage);
    assertTrue(failure.getMessage().startsWith("fails for [x, x, x"), failure::getMessage);
    assertTrue(failure.getMessage().contains("too long"), failure::getMessage);
    System.setProperty(Property.SEED, seed.group(1));
    try {
      AssertionError again = assertThrows(AssertionError.class, PropertyTest::failing);
      assertEquals(failure.getMessage(), again.getMessage());
    } finally {
      System.clearProperty(Property.SEED);
    }
  }

  private static void failing() {
    forAll(
        100, draw -> draw.list(0, 50, () -> "x"), list -> assertTrue(list.size() < 3, "too long"));
  }

  @Test
  void inputThatCannotBeDrawnIsAFailure() {
    AssertionError failure =
        assertThrows(
            AssertionError.class, () -> forAll(1, draw -> draw.between(2, 1), number -> {}));
    assertEquals(IllegalArgumentException.class, failure.getCause().getClass());
  }

  @Test
  void drawsStayWithinTheirBoundsAndReachThem() {
    Draw draw = new Draw(new SplittableRandom(1), 100);
    List<Integer> lengths = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      lengths.add((int) draw.text(2, 5).codePoints().count());
    }
    assertEquals(List.of(2, 3, 4, 5), lengths.stream().distinct().sorted().toList());
  }
}
