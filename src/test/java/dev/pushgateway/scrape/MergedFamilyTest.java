package dev.pushgateway.scrape;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.block.FamilyBlockBuilder;
import dev.pushgateway.block.GroupingLabels;
import dev.pushgateway.model.EscapingScheme;
import dev.pushgateway.model.Labels;
import dev.pushgateway.model.MetricType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MergedFamilyTest {
  private static final int BLOCKS = 40;

  @Test
  void mendingGivesWhatMergingGives() {
    Random random = new Random(7);
    FamilyBlock[] blocks = new FamilyBlock[BLOCKS];
    blocks[0] = block(0, 500, 0);
    MergedFamily merged = null;
    for (int step = 0; step < 300; step++) {
      int place = random.nextInt(BLOCKS);
      boolean remove = place > 0 && random.nextInt(4) == 0;
      int size = random.nextInt(5) == 0 ? random.nextInt(4_000) : random.nextInt(30);
      blocks = blocks.clone();
      blocks[place] = remove ? null : block(place, size, step);
      merged = MergedFamily.successor(blocks[0], blocks, merged);
      if (random.nextBoolean()) {
        List<FamilyBlock> present =
            Arrays.stream(blocks).filter(Objects::nonNull).collect(Collectors.toList());
        assertEquals(text(new MergedFamily(present)), text(merged), "step " + step);
      }
    }
  }

  @Test
  void onlyPagesThatHaveChangedAreMadeAnew() {
    FamilyBlock[] blocks = new FamilyBlock[BLOCKS];
    for (int i = 0; i < BLOCKS; i++) {
      blocks[i] = block(i, 2_000, 0);
    }
    MergedFamily merged = MergedFamily.successor(blocks[0], blocks, null);
    SeriesPage[] before = merged.pages();
    FamilyBlock[] touched = blocks.clone();
    touched[3] = oneSeries("zzz", 3);
    MergedFamily withNewSeries = MergedFamily.successor(touched[0], touched, merged);
    SeriesPage[] after = withNewSeries.pages();
    // What block 3 had is spread over all pages, so all are others now.
    assertNotSame(before[0], after[0]);

    FamilyBlock[] again = touched.clone();
    again[3] = oneSeries("zzz", 4);
    SeriesPage[] last = MergedFamily.successor(again[0], again, withNewSeries).pages();
    assertEquals(after.length, last.length);
    for (int i = 0; i < last.length - 1; i++) {
      assertSame(after[i], last[i]);
    }
    assertNotSame(after[last.length - 1], last[last.length - 1]);
  }

  private static FamilyBlock block(int place, int size, int step) {
    FamilyBlockBuilder builder =
        new FamilyBlockBuilder("a", GroupingLabels.of(Labels.of("job", "" + place)), false);
    builder.type(MetricType.GAUGE);
    for (int i = 0; i < size; i++) {
      add(builder, String.valueOf(i * 31 % 4_001), step + i);
    }
    return builder.build();
  }

  private static FamilyBlock oneSeries(String value, double number) {
    FamilyBlockBuilder builder =
        new FamilyBlockBuilder("a", GroupingLabels.of(Labels.of("job", "3")), false);
    builder.type(MetricType.GAUGE);
    add(builder, value, number);
    return builder.build();
  }

  private static void add(FamilyBlockBuilder builder, String labelValue, double number) {
    byte[] value = labelValue.getBytes(StandardCharsets.US_ASCII);
    builder.labels().clear();
    builder.labels().add(new byte[] {'a'}, 0, 1, value, 0, value.length);
    builder.addNumber(number, true);
  }

  private static String text(MergedFamily family) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      new TextWriter().write(new ArrayList<>(List.of(family)), EscapingScheme.ALLOW_UTF_8, out);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
