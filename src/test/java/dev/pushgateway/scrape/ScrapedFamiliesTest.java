package dev.pushgateway.scrape;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.block.GroupingLabels;
import dev.pushgateway.model.ExpositionException;
import dev.pushgateway.parse.TextParser;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScrapedFamiliesTest {
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
  void mergesByName(String pushed, String own, String merged) throws Exception {
    List<MergedFamily> families = new ArrayList<>();
    for (FamilyBlock block : parse(pushed)) {
      families.add(new MergedFamily(List.of(block)));
    }
    assertEquals(
        merged,
        ScrapedFamilies.merge(families, parse(own)).stream()
            .map(family -> family.name() + (family.blocks().size() > 1 ? "+" : ""))
            .collect(Collectors.joining(" ")));
  }

  private static List<FamilyBlock> parse(String types) throws ExpositionException {
    StringBuilder text = new StringBuilder();
    for (String family : types.isEmpty() ? new String[0] : types.split(" ")) {
      String[] parts = family.split(":");
      String name = parts[0];
      text.append("# TYPE ").append(name).append(' ').append(parts[1]).append('\n');
      boolean isNumber = parts[1].equals("gauge") || parts[1].equals("counter");
      text.append(isNumber ? name : name + "_count").append(" 1\n");
    }
    byte[] body = text.toString().getBytes(StandardCharsets.UTF_8);
    return new TextParser(false).parse(body, 0, body.length, GroupingLabels.NONE).families();
  }
}
