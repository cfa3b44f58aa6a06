package dev.pushgateway.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeriesIndexTest {
  @ParameterizedTest
  @ValueSource(longs = {0, 1_000, 1_000_000})
  void answersLikeAMap_throughGrowthAndShrinking(long expected) {
    SeriesIndex index = new SeriesIndex(expected, -1);
    Map<Long, Integer> map = new HashMap<>();
    Random random = new Random(1);
    for (int phase = 0; phase < 4; phase++) {
      int addOutOfTen = phase % 2 == 0 ? 8 : 2;
      for (int i = 0; i < 100_000; i++) {
        long hash = hash(random.nextInt(200_000));
        if (random.nextInt(10) < addOutOfTen) {
          int owner = random.nextInt(1_000);
          if (map.putIfAbsent(hash, owner) == null) {
            index.add(hash, owner);
          }
        } else if (map.containsKey(hash)) {
          index.remove(hash, map.remove(hash));
        }
      }
      for (int i = 0; i < 200_000; i++) {
        int owner = map.getOrDefault(hash(i), SeriesIndex.NO_GROUP);
        assertEquals(owner, index.owner(hash(i)));
      }
    }
  }

  @Test
  void tellsHashesApartThatDifferInTheSegmentOnly() {
    SeriesIndex index = new SeriesIndex(0, -1);
    index.add(0x1200, 1);
    index.add(0x1201, 2);
    index.remove(0x1200, 1);
    assertEquals(SeriesIndex.NO_GROUP, index.owner(0x1200));
    assertEquals(2, index.owner(0x1201));
  }

  @Test
  void keepsAllOwnersOfOneHash() {
    SeriesIndex index = new SeriesIndex(0, 0xF);
    index.add(0x11, 1);
    index.add(0x21, 2);
    index.add(0x31, 1);
    assertEquals(1, index.owner(0x41));
    assertEquals(List.of(2, 1), index.otherOwners(0x41));
    index.remove(0x11, 1);
    assertEquals(2, index.owner(0x41));
    assertEquals(List.of(1), index.otherOwners(0x41));
    index.remove(0x31, 1);
    assertEquals(List.of(), index.otherOwners(0x41));
    index.remove(0x21, 2);
    assertEquals(SeriesIndex.NO_GROUP, index.owner(0x41));
  }

  /** Many of them collide in the bits by which the table chooses a place. */
  private static long hash(int i) {
    return ((long) i % 1_000 << 30) + ((long) i / 1_000 << 44);
  }
}
