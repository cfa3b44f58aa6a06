package dev.pushgateway.persistence;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The layout of a persistence file. All numbers are big-endian unless called varint, which is that
 * of protobuf; a string is its length (varint) and its UTF-8; times are nanoseconds since 1970, 8
 * bytes.
 *
 * <pre>
 *   file     [header 24][the same header again 24][record][record]…[zeros, see LogFile]
 *
 *   header   [magic 8 "PGWLOG\r\n"][version 4][salt 8][crc32c of these 20 bytes 4]
 *
 *   record   [length of the payload 4]
 *            [crc32c of the payload 4]
 *            [check 4: crc32c of salt, length and the crc before]
 *            [payload]
 *
 *   payload  1 pushed       key [replaces the group: 0 or 1] time families
 *            2 push failed  key time
 *            3 deleted      key time
 *            4 wiped        time
 *            5 stored       key [push time][push failure time]
 *                               [time stamps of the families that expose them 8 8]
 *                               count (varint), then as often: time [length 4][family]
 *
 *   key      count (varint), then as often: name (string) value (string)
 *   families count (varint), then as often: [length 4][family]
 *   family   see FamilyBlockRecord
 * </pre>
 *
 * <p>The header is there twice so that no single damage makes a file unreadable. Its layout stays
 * as it is in every version, so that an older gateway can refuse a newer file by its version.
 *
 * <p>A record's own length is trusted only if the check holds. If it does not, the reader tries
 * byte by byte whether a record starts there. The salt is random and known from the file only:
 * nobody can push bytes that pass for a record when the one around them is damaged.
 */
public final class LogFormat {
  static final int VERSION = 1;
  static final int HEADER_LENGTH = 24;
  public static final int HEADERS_LENGTH = 2 * HEADER_LENGTH;
  static final int RECORD_HEADER_LENGTH = 12;

  /** No payload is longer, so that a record fits into an array with ease. */
  static final int MAX_PAYLOAD_LENGTH = 1 << 29;

  static final byte PUSHED = 1;
  static final byte PUSH_FAILED = 2;
  static final byte DELETED = 3;
  static final byte WIPED = 4;
  static final byte STORED = 5;

  static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private static final byte[] MAGIC = {'P', 'G', 'W', 'L', 'O', 'G', '\r', '\n'};
  private static final int VERSION_AT = 8;
  private static final int SALT_AT = 12;
  private static final int CRC_AT = 20;

  private LogFormat() {}

  /** What a file says of itself. */
  record Header(int version, long salt) {}

  /** Both copies of the header of a new file. */
  static byte[] headers(int version, long salt) {
    byte[] headers = new byte[HEADERS_LENGTH];
    System.arraycopy(MAGIC, 0, headers, 0, MAGIC.length);
    INTS.set(headers, VERSION_AT, version);
    LONGS.set(headers, SALT_AT, salt);
    INTS.set(headers, CRC_AT, crc(headers, 0, CRC_AT));
    System.arraycopy(headers, 0, headers, HEADER_LENGTH, HEADER_LENGTH);
    return headers;
  }

  /** The header at {@code from}, or {@code null} if it is none, or a damaged one. */
  static Header header(byte[] bytes, int from, int to) {
    boolean sound =
        to - from >= HEADER_LENGTH
            && Arrays.equals(bytes, from, from + MAGIC.length, MAGIC, 0, MAGIC.length)
            && (int) INTS.get(bytes, from + CRC_AT) == crc(bytes, from, from + CRC_AT);
    return sound
        ? new Header(
            (int) INTS.get(bytes, from + VERSION_AT), (long) LONGS.get(bytes, from + SALT_AT))
        : null;
  }

  static int crc(byte[] bytes, int from, int to) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, to - from);
    return (int) crc.getValue();
  }

  /** What protects the length of a record. */
  static int check(long salt, int length, int payloadCrc) {
    byte[] bytes = new byte[16];
    LONGS.set(bytes, 0, salt);
    INTS.set(bytes, 8, length);
    INTS.set(bytes, 12, payloadCrc);
    return crc(bytes, 0, bytes.length);
  }
}
