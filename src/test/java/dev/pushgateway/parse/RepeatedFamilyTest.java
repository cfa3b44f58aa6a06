package dev.pushgateway.parse;

import static dev.pushgateway.property.Property.forAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.block.GroupingLabels;
import dev.pushgateway.block.PlainFamily;
import dev.pushgateway.block.TextLines;
import dev.pushgateway.bytes.ByteArray;
import dev.pushgateway.model.ExpositionException;
import dev.pushgateway.model.Labels;
import dev.pushgateway.model.Metric;
import dev.pushgateway.model.MetricType;
import dev.pushgateway.property.Draw;
import dev.pushgateway.protobuf.ProtobufMetrics;
import dev.pushgateway.protobuf.ProtobufTags;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a push makes of families that are known already is what it makes of unknown ones. */
class RepeatedFamilyTest {
  private static final GroupingLabels JOB = GroupingLabels.of(Labels.of("job", "j"));
  private static final int GAUGE = 1;
  private static final int UNTYPED = 3;
  private static final String[] LABELS = {"a", "instance", "job", "jobs", "k", "z"};
  private static final String[] VALUES = {"", "1", "2", "x\"", "\\", "\n", ",", "}", "ü"};
  private static final String[] NUMBERS = {
    "1", "-0", "NaN", "+Inf", "0.1", "1e3", "7", "3.14", "0"
  };

  private static ParsedPush parse(String body, PreviousPush known) throws ExpositionException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return new TextParser(true).parse(bytes, 0, bytes.length, new PushContext(JOB, known));
  }

  private static PreviousPush known(ParsedPush exposition) {
    Map<String, FamilyBlock> byName = new HashMap<>();
    for (FamilyBlock block : exposition.families()) {
      byName.put(block.name(), block);
    }
    return byName::get;
  }

  private static void assertEqualBlocks(ParsedPush expected, ParsedPush actual) {
    assertEquals(expected.hasTimestamps(), actual.hasTimestamps());
    assertEquals(expected.families().size(), actual.families().size());
    for (int i = 0; i < expected.families().size(); i++) {
      assertEqualBlocks(expected.families().get(i), actual.families().get(i));
    }
  }

  private static void assertEqualBlocks(FamilyBlock expected, FamilyBlock actual) {
    assertEquals(text(expected), text(actual));
    assertEquals(PlainFamily.of(expected), PlainFamily.of(actual));
    assertEquals(expected.problem(), actual.problem());
    assertEquals(expected.hasProtobuf(), actual.hasProtobuf());
    assertEquals(expected.seriesCount(), actual.seriesCount());
    assertEquals(expected.hasLegacyNames(), actual.hasLegacyNames());
    // It may go unnoticed where lines of other families come between, but never be wrong.
    assertTrue(!actual.hasSameNames() || labelNames(actual).size() == 1);
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(expected.seriesHash(i), actual.seriesHash(i));
      assertEquals(expected.textStart(i), actual.textStart(i));
      assertEquals(expected.labelsStart(i), actual.labelsStart(i));
      assertEquals(expected.labelCount(i), actual.labelCount(i));
    }
  }

  private static Set<List<String>> labelNames(FamilyBlock block) {
    Set<List<String>> names = new HashSet<>();
    for (Metric metric : PlainFamily.of(block).metrics()) {
      Labels labels = metric.labels();
      names.add(IntStream.range(0, labels.size()).mapToObj(labels::name).toList());
    }
    return names;
  }

  private static String text(FamilyBlock block) {
    return new String(block.text(), StandardCharsets.UTF_8);
  }

  private static String lines(String visible) {
    return visible.replace("; ", "\n") + "\n";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "m{k=\"2\"} 1; m{k=\"1\"} 2",
        "m{a=\"2\",k=\"9\"} 1; m{a=\"1\",k=\"1\"} 2",
        "m{a=\"2\",aa=\"7\",k=\"9\",z=\"\"} 1; m{a=\"1\",aa=\"\\\"\\\\\",k=\"1\",z=\"ü\"} 2",
        "m{instance=\"b\"} 1; m{instance=\"a\"} 2",
        "m{a=\"2\"} 1; m{a=\"1\"} 2",
      })
  void takesOverAllButTheValues(String visible) throws ExpositionException {
    String first = lines(visible);
    String second = first.replace("} 1\n", "} 1234.5678901234567\n").replace("} 2\n", "} +Inf\n");
    FamilyBlock before = parse(first, PreviousPush.NONE).families().get(0);
    ParsedPush after = parse(second, name -> before);
    assertEqualBlocks(parse(second, PreviousPush.NONE), after);
    assertSame(before.pushedOrder(), after.families().get(0).pushedOrder(), "was parsed anew");
  }

  @Test
  void familiesWithTheSameNamesButAnInstanceOfTheirOwn() throws ExpositionException {
    String body = lines("m{a=\"1\"} 1; n{a=\"1\",instance=\"i\"} 2; o{a=\"1\"} 3; p 4; q 5");
    ParsedPush before = parse(body, PreviousPush.NONE);
    String second = lines("m{a=\"1\"} 6; n{a=\"1\",instance=\"i\"} 7; o{a=\"1\"} 8; p 9; q 0");
    assertEqualBlocks(parse(second, PreviousPush.NONE), parse(second, known(before)));
    String other = lines("m{a=\"1\",instance=\"i\"} 6; n{a=\"1\"} 7; o{a=\"2\"} 8; p 9; q 0");
    assertEqualBlocks(parse(other, PreviousPush.NONE), parse(other, known(before)));
  }

  @Test
  void helpThatComesAgainIsTheSameString() throws ExpositionException {
    String body = lines("# HELP m Of a job.; m 1");
    FamilyBlock before = parse(body, PreviousPush.NONE).families().get(0);
    FamilyBlock after = parse(body, name -> before).families().get(0);
    assertSame(before.help(), after.help(), "kept twice");
  }

  @Test
  void metricWithoutPushedLabelsIsTakenOver() throws ExpositionException {
    FamilyBlock before = parse("# HELP m h\nm 1\n", PreviousPush.NONE).families().get(0);
    FamilyBlock after = parse("m 2", name -> before).families().get(0);
    assertEquals("m{instance=\"\",job=\"j\"} 2\n", text(after));
    assertNull(after.help(), "the help is that of the push");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          other order             | m{k="1"} 2; m{k="2"} 1
          a line less             | m{k="2"} 1
          a line more             | m{k="2"} 1; m{k="1"} 2; m{k="0"} 3
          the first line twice    | m{k="2"} 1; m{k="2"} 1
          another value           | m{k="2"} 1; m{k="11"} 2
          another name            | m{k="2"} 1; m{l="1"} 2
          blanks in the labels    | m{k="2"} 1; m{k= "1"} 2
          comma behind the labels | m{k="2"} 1; m{k="1",} 2
          two blanks              | m{k="2"} 1; m{k="1"}  2
          no blank                | m{k="2"} 1; m{k="1"}2
          label of the group      | m{k="2"} 1; m{job="x",k="1"} 2
          instance                | m{k="2"} 1; m{instance="x",k="1"} 2
          no labels               | m{k="2"} 1; m 2
          other type              | # TYPE m counter; m{k="2"} 1; m{k="1"} 2
          summary                 | # TYPE m summary; m{k="2",quantile="1"} 1; m_sum{k="1"} 2
          timestamp               | m{k="2"} 1; m{k="1"} 2 3
          negative zero           | m{k="2"} 1; m{k="1"} -0
          name in braces          | m{k="2"} 1; {"m",k="1"} 2
          labels before the name  | m{k="2"} 1; {k="1","m"} 2
          another family between  | m{k="2"} 1; n 1; m{k="1"} 2
          no such label name      | m{k="2"} 1; m{__k="1"} 2
          blank at the end        | m{k="2"} 1; m{k="1"} 2\\u0020
          tab, the first line     | m{k="2"} 1\\u0009; m{k="1"} 2
          byte order mark         | m{k="2"} 1; \\uFEFFm{k="1"} 2
          type behind             | m{k="2"} 1; m{k="1"} 2; # TYPE m gauge
          type amidst             | m{k="2"} 1; # TYPE m untyped; m{k="1"} 2
          help behind             | m{k="2"} 1; m{k="1"} 2; # HELP m late
          other type amidst       | m{k="2"} 1; # TYPE m counter; m{k="1"} 2
          summary, behind         | m{k="2"} 1; m{k="1"} 2; # TYPE m summary
          """)
  void whatIsNoRepetitionIsParsed(String why, String visible) throws ExpositionException {
    FamilyBlock before = parse("m{k=\"2\"} 1\nm{k=\"1\"} 2\n", PreviousPush.NONE).families().get(0);
    String second =
        lines(visible)
            .replace("\\u0020", " ")
            .replace("\\u0009", "\t")
            .replace("\\uFEFF", "\uFEFF");
    assertEqualBlocks(
        parse(second, PreviousPush.NONE), parse(second, name -> name.equals("m") ? before : null));
  }

  @Test
  void typeBehindTheSamplesIsKnownInTimeToTakeThemOver() throws ExpositionException {
    String body = "m{k=\"2\"} 1\nm{k=\"1\"} 2\n# TYPE m gauge\n# HELP m h\n";
    FamilyBlock before = parse(body, PreviousPush.NONE).families().get(0);
    FamilyBlock after = parse(body, name -> before).families().get(0);
    assertSame(before.pushedOrder(), after.pushedOrder(), "was parsed anew");
    assertEquals(MetricType.GAUGE, after.type());
    assertEquals("h", after.help());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"m{k=\"1\"} x", "m{k=\"1\"} ", "m{k=\"1\"", "m{k=\"1\"} 1 2 3", "m{k=\"1\""})
  void errorIsToldAsEver(String broken) throws ExpositionException {
    FamilyBlock before = parse("m{k=\"2\"} 1\nm{k=\"1\"} 2\n", PreviousPush.NONE).families().get(0);
    String body = "m{k=\"2\"} 1\n" + broken;
    String expected =
        assertThrows(ExpositionException.class, () -> parse(body, PreviousPush.NONE)).getMessage();
    assertEquals(
        expected,
        assertThrows(ExpositionException.class, () -> parse(body, name -> before)).getMessage());
  }

  @Test
  void blockOfAnotherGroupIsNotTakenOver() throws ExpositionException {
    byte[] body = "m{k=\"2\"} 1\nm{k=\"1\"} 2\n".getBytes(StandardCharsets.UTF_8);
    GroupingLabels other = GroupingLabels.of(Labels.of("job", "other", "zone", "z"));
    FamilyBlock foreign =
        new TextParser(false).parse(body, 0, body.length, other).families().get(0);
    FamilyBlock block =
        new TextParser(false)
            .parse(body, 0, body.length, new PushContext(JOB, name -> foreign))
            .families()
            .get(0);
    assertNotSame(foreign.pushedOrder(), block.pushedOrder());
    assertArrayEquals(new int[] {1, 0}, foreign.pushedOrder());
    assertArrayEquals(new int[] {1, 0}, block.pushedOrder());
    assertEquals(
        "m{instance=\"\",job=\"j\",k=\"1\"} 2\nm{instance=\"\",job=\"j\",k=\"2\"} 1\n",
        text(block));
  }

  /** One parser for all, so that buffers that were given back are used again. */
  @Test
  void textsInARowAreWhatEachIsAlone() {
    forAll(2_000, Draw::seed, RepeatedFamilyTest::assertTextsInARow);
  }

  private static void assertTextsInARow(long seed) throws ExpositionException {
    TextParser parser = new TextParser(false);
    inARow(
        seed,
        RepeatedFamilyTest::text,
        body -> new TextParser(false).parse(body, 0, body.length, JOB),
        (body, known) -> parser.parse(body, 0, body.length, new PushContext(JOB, known)));
  }

  @Test
  void messagesInARowAreWhatEachIsAlone() {
    forAll(2_000, Draw::seed, RepeatedFamilyTest::assertMessagesInARow);
  }

  private static void assertMessagesInARow(long seed) throws ExpositionException {
    ProtobufParser parser = new ProtobufParser(false);
    inARow(
        seed,
        RepeatedFamilyTest::messages,
        body -> new ProtobufParser(false).parse(body, 0, body.length, JOB),
        (body, known) -> parser.parse(body, 0, body.length, new PushContext(JOB, known)));
  }

  /** A text is taken over from messages, and the other way round. */
  @Test
  void formatsMayChange() {
    forAll(1_000, Draw::seed, RepeatedFamilyTest::assertFormatsMayChange);
  }

  private static void assertFormatsMayChange(long seed) throws ExpositionException {
    ProtobufParser messages = new ProtobufParser(false);
    TextParser text = new TextParser(false);
    Random random = new Random(seed);
    List<Series> series = randomSeries(random);
    byte[] first = messages(series, new Random(1));
    byte[] second = text(series, new Random(2));
    PreviousPush known = known(messages.parse(first, 0, first.length, JOB));
    assertEqualBlocks(
        text.parse(second, 0, second.length, JOB),
        text.parse(second, 0, second.length, new PushContext(JOB, known)));
    known = known(text.parse(second, 0, second.length, JOB));
    assertEqualBlocks(
        messages.parse(first, 0, first.length, JOB),
        messages.parse(first, 0, first.length, new PushContext(JOB, known)));
  }

  @Test
  void valueOfAMessageThatLooksLikeTwoLabelsIsOne() throws ExpositionException {
    FamilyBlock two = parse("m{k=\"1\",z=\"2\"} 1\n", PreviousPush.NONE).families().get(0);
    byte[] one = messages(List.of(new Series("m", List.of("k", "1\",z=\"2"))), new Random(1));
    ProtobufParser parser = new ProtobufParser(false);
    ParsedPush expected = parser.parse(one, 0, one.length, JOB);
    ParsedPush actual = parser.parse(one, 0, one.length, new PushContext(JOB, name -> two));
    assertEqualBlocks(expected, actual);
    assertEquals(3, actual.families().get(0).labelCount(0));
  }

  @Test
  void messagesTakeOverAllButTheValues() throws ExpositionException {
    Series b = new Series("m", List.of("a", "2", "k", "b", "z", ""));
    Series a = new Series("m", List.of("a", "1", "k", "a", "z", "ü"));
    ProtobufParser parser = new ProtobufParser(false);
    byte[] first = message(List.of(b, a), "1", "2.5");
    byte[] second = message(List.of(b, a), "+Inf", "1234.5678901234567");
    FamilyBlock before = parser.parse(first, 0, first.length, JOB).families().get(0);
    ParsedPush after = parser.parse(second, 0, second.length, new PushContext(JOB, name -> before));
    assertEqualBlocks(parser.parse(second, 0, second.length, JOB), after);
    assertSame(before.pushedOrder(), after.families().get(0).pushedOrder(), "was parsed anew");
  }

  private interface Rendering {
    byte[] body(List<Series> series, Random random);
  }

  private interface Alone {
    ParsedPush parse(byte[] body) throws ExpositionException;
  }

  private interface InARow {
    ParsedPush parse(byte[] body, PreviousPush known) throws ExpositionException;
  }

  private static void inARow(long seed, Rendering rendering, Alone alone, InARow inARow)
      throws ExpositionException {
    Random random = new Random(seed);
    List<Series> series = randomSeries(random);
    PreviousPush known = PreviousPush.NONE;
    for (int push = 0; push < 4; push++) {
      byte[] body = rendering.body(series, random);
      ParsedPush expected = alone.parse(body);
      ParsedPush actual = inARow.parse(body, known);
      assertEqualBlocks(expected, actual);
      known = known(actual);
      if (random.nextInt(3) == 0) {
        change(series, random);
      }
    }
  }

  /** A name, and names and values of labels in turn, not escaped. */
  private record Series(String name, List<String> labels) {}

  private static List<Series> randomSeries(Random random) {
    List<Series> all = new ArrayList<>();
    int count = random.nextInt(8);
    for (int i = 0; i < count; i++) {
      all.add(oneSeries(random));
    }
    return all;
  }

  /** Labels in the order of their names, and mostly the same ones. */
  private static Series oneSeries(Random random) {
    List<String> labels = new ArrayList<>();
    int used = random.nextInt(3) == 0 ? random.nextInt(1 << LABELS.length) : 0b10001;
    for (int i = 0; i < LABELS.length; i++) {
      if ((used & 1 << i) != 0) {
        labels.add(LABELS[i]);
        labels.add(VALUES[random.nextInt(VALUES.length)]);
      }
    }
    return new Series(random.nextInt(3) == 0 ? "b" : "a", labels);
  }

  private static void change(List<Series> series, Random random) {
    if (series.isEmpty() || random.nextBoolean()) {
      series.add(random.nextInt(series.size() + 1), oneSeries(random));
    } else {
      series.remove(random.nextInt(series.size()));
    }
  }

  /** Headers before, amidst and behind the samples; marks before lines, and blanks behind them. */
  private static byte[] text(List<Series> series, Random random) {
    StringBuilder body = new StringBuilder();
    addHeader(body, random);
    for (Series one : series) {
      body.append(one(random, 12, "\uFEFF")).append(one.name());
      String comma = "{";
      for (int i = 0; i < one.labels().size(); i += 2) {
        String value = one.labels().get(i + 1);
        String escaped = value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
        body.append(comma).append(one.labels().get(i)).append("=\"").append(escaped).append('"');
        comma = ",";
      }
      body.append(one.labels().isEmpty() ? "" : "}");
      body.append(' ').append(NUMBERS[random.nextInt(NUMBERS.length)]);
      body.append(one(random, 12, " ", "\t ")).append(one(random, 16, "\r")).append('\n');
      if (random.nextInt(16) == 0) {
        addHeader(body, random);
      }
    }
    return body.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void addHeader(StringBuilder body, Random random) {
    body.append(
        one(random, 4, "# TYPE a gauge\n", "# TYPE a gauge \n", "\uFEFF# TYPE a gauge\r\n"));
    body.append(one(random, 4, "# HELP a x\n", "# HELP a y \n"));
  }

  /** One of several texts, each {@code 1 / n} of the time. */
  private static String one(Random random, int n, String... texts) {
    int choice = random.nextInt(n);
    return choice < texts.length ? texts[choice] : "";
  }

  /** A message for each family, untyped, or a gauge as in the text. */
  private static byte[] messages(List<Series> series, Random random) {
    ByteArray body = new ByteArray(256);
    boolean isGauge = random.nextInt(4) == 0;
    for (String name : new String[] {"a", "b", "m"}) {
      int type = name.equals("a") && isGauge ? GAUGE : UNTYPED;
      ByteArray family = new ByteArray(256);
      addString(family, ProtobufTags.FAMILY_NAME, name);
      family.add(ProtobufTags.FAMILY_TYPE);
      family.add(type);
      int empty = family.length;
      for (Series one : series) {
        if (one.name().equals(name)) {
          addMetric(family, one, type, NUMBERS[random.nextInt(NUMBERS.length)]);
        }
      }
      if (family.length > empty) {
        ProtobufMetrics.addVarint(body, family.length);
        body.add(family.bytes, 0, family.length);
      }
    }
    return body.toArray();
  }

  /** One family of gauges. */
  private static byte[] message(List<Series> series, String... numbers) {
    ByteArray family = new ByteArray(256);
    addString(family, ProtobufTags.FAMILY_NAME, series.get(0).name());
    family.add(ProtobufTags.FAMILY_TYPE);
    family.add(GAUGE);
    for (int i = 0; i < numbers.length; i++) {
      addMetric(family, series.get(i), GAUGE, numbers[i]);
    }
    ByteArray body = new ByteArray(256);
    ProtobufMetrics.addVarint(body, family.length);
    body.add(family.bytes, 0, family.length);
    return body.toArray();
  }

  private static void addMetric(ByteArray family, Series series, int type, String number) {
    ByteArray metric = new ByteArray(64);
    for (int i = 0; i < series.labels().size(); i += 2) {
      ByteArray label = new ByteArray(32);
      addString(label, ProtobufTags.LABEL_NAME, series.labels().get(i));
      addString(label, ProtobufTags.LABEL_VALUE, series.labels().get(i + 1));
      add(metric, ProtobufTags.METRIC_LABEL, label);
    }
    ByteArray value = new ByteArray(9);
    value.add(ProtobufTags.NUMBER_VALUE);
    double parsed = Double.parseDouble(number.replace("Inf", "Infinity"));
    long bits = Double.doubleToRawLongBits(parsed);
    for (int i = 0; i < Long.BYTES; i++) {
      value.add((int) (bits >>> Byte.SIZE * i));
    }
    add(metric, type == GAUGE ? ProtobufTags.METRIC_GAUGE : ProtobufTags.METRIC_UNTYPED, value);
    add(family, ProtobufTags.FAMILY_METRIC, metric);
  }

  private static void addString(ByteArray out, int tag, String text) {
    ByteArray bytes = new ByteArray(16);
    bytes.add(TextLines.utf8(text));
    add(out, tag, bytes);
  }

  private static void add(ByteArray out, int tag, ByteArray content) {
    out.add(tag);
    ProtobufMetrics.addVarint(out, content.length);
    out.add(content.bytes, 0, content.length);
  }
}
