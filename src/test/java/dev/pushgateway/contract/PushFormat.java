package dev.pushgateway.contract;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.CRC32C;
import java.util.zip.GZIPOutputStream;

/** What a push may come in: {@code rows_total{table="a"} 3}, each time. */
public enum PushFormat {
  TEXT(Map.of()) {
    @Override
    byte[] body() {
      return LINES.getBytes(StandardCharsets.UTF_8);
    }
  },
  PROTOBUF(
      Map.of(
          "Content-Type",
          "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily;"
              + " encoding=delimited")) {
    /** A length, then name, help, type (0: counter) and one metric: a label and a counter. */
    @Override
    byte[] body() {
      String name = "0a0a" + hex("rows_total");
      String help = "1205" + hex("Rows.");
      String label = "0a0a" + "0a05" + hex("table") + "1201" + hex("a");
      String counter = "1a09" + "090000000000000840";
      String family = name + help + "1800" + "2217" + label + counter;
      return HexFormat.of().parseHex(String.format("%02x", family.length() / 2) + family);
    }
  },
  GZIP(Map.of("Content-Encoding", "gzip")) {
    @Override
    byte[] body() throws IOException {
      ByteArrayOutputStream packed = new ByteArrayOutputStream();
      try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
        gzip.write(LINES.getBytes(StandardCharsets.UTF_8));
      }
      return packed.toByteArray();
    }
  },
  SNAPPY(Map.of("Content-Encoding", "snappy")) {
    /** A stream identifier and one uncompressed chunk: checksum, text. */
    @Override
    byte[] body() {
      byte[] text = LINES.getBytes(StandardCharsets.UTF_8);
      ByteBuffer stream = ByteBuffer.allocate(10 + 8 + text.length).order(ByteOrder.LITTLE_ENDIAN);
      stream.put(HexFormat.of().parseHex("ff060000" + hex("sNaPpY")));
      stream.putInt(0x01 | text.length + Integer.BYTES << Byte.SIZE);
      return stream.putInt(maskedChecksum(text)).put(text).array();
    }
  };

  private static final String LINES =
      "# HELP rows_total Rows.\n# TYPE rows_total counter\nrows_total{table=\"a\"} 3\n";

  /** Of the framing format, so that a checksum of what contains checksums is none of them. */
  private static final int CHECKSUM_MASK = 0xa282ead8;

  private final Map<String, String> headers;

  PushFormat(Map<String, String> headers) {
    this.headers = headers;
  }

  abstract byte[] body() throws IOException;

  Map<String, String> headers() {
    return headers;
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
  }

  private static int maskedChecksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return Integer.rotateRight((int) crc.getValue(), 15) + CHECKSUM_MASK;
  }
}
