package dev.pushgateway.store;

import dev.pushgateway.change.GroupingKey;
import dev.pushgateway.model.EscapingScheme;
import dev.pushgateway.model.ExpositionException;
import dev.pushgateway.model.Labels;
import dev.pushgateway.parse.ParsedPush;
import dev.pushgateway.parse.ProtobufParser;
import dev.pushgateway.parse.TextParser;
import dev.pushgateway.scrape.MergedFamily;
import dev.pushgateway.scrape.TextWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Short words for what tests of the store do all the time. */
public final class StoreTesting {
  private StoreTesting() {}

  /** An empty store that checks, keeps nothing on disk, and is ready. */
  public static MetricStore startedStore() {
    return started(true);
  }

  /** An empty store that is ready. */
  public static MetricStore started(boolean checksConsistency) {
    MetricStore store = new MetricStore(checksConsistency, Map.of());
    store.start(ChangeLog.NONE);
    return store;
  }

  /** A key from {@code job, name, value, …}. */
  public static GroupingKey key(String job, String... labels) {
    String[] all = new String[labels.length + 2];
    all[0] = GroupingKey.JOB;
    all[1] = job;
    System.arraycopy(labels, 0, all, 2, labels.length);
    return new GroupingKey(Labels.of(all));
  }

  /** A PUT of a text. */
  public static Push put(GroupingKey key, long timeNanos, String text) {
    return new Push(key, true, parse(key, text), timeNanos, 0);
  }

  /** A POST of a text. */
  public static Push post(GroupingKey key, long timeNanos, String text) {
    return new Push(key, false, parse(key, text), timeNanos, 0);
  }

  private static ParsedPush parse(GroupingKey key, String text) {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    try {
      return new TextParser(false).parse(body, 0, body.length, key.groupingLabels());
    } catch (ExpositionException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** A PUT of a family without metrics, of a type that has this number in protobuf. */
  public static Push putEmptyFamily(GroupingKey key, long timeNanos, String name, int type) {
    return new Push(key, true, parseEmptyFamily(key, name, type), timeNanos, 0);
  }

  /** A body that has a family without metrics; only protobuf has such. */
  static ParsedPush parseEmptyFamily(GroupingKey key, String name, int type) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.write(bytes.length + 4);
    body.write(1 << 3 | 2);
    body.write(bytes.length);
    body.writeBytes(bytes);
    body.write(3 << 3);
    body.write(type);
    try {
      return new ProtobufParser(false)
          .parse(body.toByteArray(), 0, body.size(), key.groupingLabels());
    } catch (ExpositionException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** Makes a push; returns the reason if it is refused, else an empty string. */
  public static String push(MetricStore store, Push push) {
    try {
      return join(store.push(push)).refusal().orElse("");
    } catch (StoreFullException e) {
      return e.getMessage();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until a change is durable. */
  public static <T> T join(CompletionStage<T> change) throws IOException {
    try {
      return change.toCompletableFuture().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw e;
    }
  }

  /** What a scrape of the store in text format shows. */
  public static String scrape(MetricStore store) {
    try {
      return text(store.families());
    } catch (InconsistentStoreException e) {
      throw new AssertionError(e);
    }
  }

  /** Families in text format. */
  public static String text(List<MergedFamily> families) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      new TextWriter().write(families, EscapingScheme.ALLOW_UTF_8, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
