package dev.pushgateway.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;

/**
 * What batch jobs push: counters and gauges by path and trace, the trace being random, and values
 * with many digits.
 *
 * <pre>
 *   batch_rows_total{path="/v2/7f3a9c",trace="8d1f0a2b"} 123456.78901234567
 * </pre>
 *
 * <p>A group has the same series in each push, in no particular order; values differ from variant
 * to variant. The same arguments always give the same bytes.
 */
final class Bodies {
  private static final String[] NAMES = {
    "batch_rows_total", "batch_lag_seconds", "batch_bytes_total", "batch_queue_length",
    "batch_retry_total", "batch_heap_bytes", "batch_calls_total", "batch_open_files",
    "batch_cache_total", "batch_age_seconds", "batch_error_total", "batch_disk_bytes",
    "batch_lock_total", "batch_load_ratio", "batch_skip_total",
  };

  private static final int COUNTER = 0;
  private static final int GAUGE = 1;

  private Bodies() {}

  /** A body in text format; at most 15 families. */
  static byte[] text(int group, int families, int seriesPerFamily, int variant) {
    StringBuilder text = new StringBuilder(100 + families * (100 + seriesPerFamily * 80));
    SplittableRandom labels = new SplittableRandom(group);
    SplittableRandom values = new SplittableRandom(group * 31L + variant);
    for (int family = 0; family < families; family++) {
      String name = NAMES[family];
      text.append("# HELP ").append(name).append(help(name)).append('\n');
      text.append("# TYPE ").append(name).append(type(family) == GAUGE ? " gauge\n" : " counter\n");
      for (int i = 0; i < seriesPerFamily; i++) {
        text.append(name).append("{path=\"").append(path(labels));
        text.append("\",trace=\"").append(trace(labels)).append("\"} ");
        text.append(value(values)).append('\n');
      }
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  /** The same as delimited protobuf messages. */
  static byte[] protobuf(int group, int families, int seriesPerFamily, int variant) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    SplittableRandom labels = new SplittableRandom(group);
    SplittableRandom values = new SplittableRandom(group * 31L + variant);
    for (int family = 0; family < families; family++) {
      ByteArrayOutputStream message = new ByteArrayOutputStream();
      string(message, 1, NAMES[family]);
      string(message, 2, help(NAMES[family]));
      message.write(3 << 3);
      message.write(type(family));
      for (int i = 0; i < seriesPerFamily; i++) {
        ByteArrayOutputStream metric = new ByteArrayOutputStream(64);
        bytes(metric, 1, label("path", path(labels)));
        bytes(metric, 1, label("trace", trace(labels)));
        bytes(metric, type(family) == GAUGE ? 2 : 3, number(value(values)));
        bytes(message, 4, metric.toByteArray());
      }
      varint(body, message.size());
      body.writeBytes(message.toByteArray());
    }
    return body.toByteArray();
  }

  static byte[] gzip(byte[] body) {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
      out.write(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // In memory: cannot happen.
    }
    return zipped.toByteArray();
  }

  private static int type(int family) {
    return family % 2 == 0 ? COUNTER : GAUGE;
  }

  private static String help(String name) {
    return " Of the last run of the batch job: " + name.replace('_', ' ') + ".";
  }

  private static String path(SplittableRandom random) {
    return "/v2/" + Integer.toHexString(0x100000 + random.nextInt(0xf00000));
  }

  private static String trace(SplittableRandom random) {
    return Integer.toHexString(0x10000000 + random.nextInt(0x6fffffff));
  }

  private static double value(SplittableRandom random) {
    return 1_000 + random.nextDouble() * 999_000;
  }

  private static byte[] label(String name, String value) {
    ByteArrayOutputStream label = new ByteArrayOutputStream(32);
    string(label, 1, name);
    string(label, 2, value);
    return label.toByteArray();
  }

  private static byte[] number(double value) {
    byte[] number = new byte[9];
    number[0] = 1 << 3 | 1;
    long bits = Double.doubleToRawLongBits(value);
    for (int i = 0; i < 8; i++) {
      number[i + 1] = (byte) (bits >>> 8 * i);
    }
    return number;
  }

  private static void string(ByteArrayOutputStream out, int field, String value) {
    bytes(out, field, value.getBytes(StandardCharsets.UTF_8));
  }

  private static void bytes(ByteArrayOutputStream out, int field, byte[] value) {
    out.write(field << 3 | 2);
    varint(out, value.length);
    out.writeBytes(value);
  }

  private static void varint(ByteArrayOutputStream out, int value) {
    int left = value;
    for (; left >= 0x80; left >>>= 7) {
      out.write(left & 0x7f | 0x80);
    }
    out.write(left);
  }
}
