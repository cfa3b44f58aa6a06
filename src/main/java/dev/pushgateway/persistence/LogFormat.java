package dev.pushgateway.persistence;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The layout of a persistence file. All numbers are big-endian.
 *
 * <pre>
 *   file     [header 24][the same header again 24][note 20][note 20]
 *            [record][record]…
 *
 *   header   [magic 8 "PGWLOG\r\n"][version 4][salt 8][crc32c of these 20 bytes 4]
 *
 *   note     [number of the first record 8]
 *            [number of the last record that is known to be on the disk 8]
 *            [crc32c of salt and both numbers 4]
 *
 *   record   [length of the change 4]
 *            [crc32c of the change 4]
 *            [number 8]
 *            [check 4: crc32c of salt, length, the crc before, and number]
 *            [change, see ChangeCodec]
 * </pre>
 *
 * <p>The header is written twice, so that no single damage makes a file unreadable. Its layout is
 * the same in every version, so that an older gateway can refuse a newer file by its version.
 *
 * <p>The length in a record is only trusted if the check is right. Otherwise, the reader looks for
 * the next record byte by byte. The salt is random and only known from the file. Nobody can
 * therefore push bytes that look like a record when the record around them is damaged.
 *
 * <p><b>Numbers.</b> The records of a file have consecutive numbers, which continue when the file
 * is rewritten. A rewrite makes records from groups. The last of them gets the number of the last
 * change that the groups contain. Records appended meanwhile are then copied unchanged:
 *
 * <pre>
 *   before   … 97  98  99 100 101 102        102 is the last change
 *   rewrite       [98  99 100 101 102]       five groups; the first record has number 98
 *   after         [98  99 100 101 102] 103 104 …
 * </pre>
 *
 * <p><b>Notes.</b> A file that ends before the number in its note has lost records. The note with
 * the larger number counts; the other note is overwritten next. A crash while writing leaves the
 * valid note intact. A note is written after the sync of its records, never before.
 */
public final class LogFormat {
  static final int VERSION = 2;
  static final int HEADER_LENGTH = 24;
  static final int HEADERS_LENGTH = 2 * HEADER_LENGTH;
  static final int NOTE_LENGTH = 20;

  /** The offset of the first record. */
  public static final int RECORDS_OFFSET = HEADERS_LENGTH + 2 * NOTE_LENGTH;

  static final int RECORD_HEADER_LENGTH = 20;

  /** The maximum length of a change, in bytes. A record then fits into an array. */
  static final int MAX_CHANGE_LENGTH = 1 << 29;

  /**
   * The number of the first change ever. Below it, there are enough numbers for the groups of a
   * rewrite.
   */
  static final long FIRST_NUMBER = 1_000_000_000;

  static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private static final byte[] MAGIC = {'P', 'G', 'W', 'L', 'O', 'G', '\r', '\n'};
  private static final int VERSION_AT = 8;
  private static final int SALT_AT = 12;
  private static final int CRC_AT = 20;
  private static final int NOTE_CRC_AT = 16;

  /** The offsets of crc, number and check in a record. */
  static final int RECORD_CRC_AT = 4;

  static final int RECORD_NUMBER_AT = 8;
  static final int RECORD_CHECK_AT = 16;

  private LogFormat() {}

  /** The content of a file's header. */
  record Header(int version, long salt) {}

  static byte[] headers(int version, long salt) {
    byte[] headers = new byte[HEADERS_LENGTH];
    System.arraycopy(MAGIC, 0, headers, 0, MAGIC.length);
    INTS.set(headers, VERSION_AT, version);
    LONGS.set(headers, SALT_AT, salt);
    INTS.set(headers, CRC_AT, crc(headers, 0, CRC_AT));
    System.arraycopy(headers, 0, headers, HEADER_LENGTH, HEADER_LENGTH);
    return headers;
  }

  /** Returns the header at {@code from}; {@code null} if there is none, or it is damaged. */
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

  /** Returns the bytes before the records of a new file: both headers and both notes. */
  static byte[] start(long salt, Note note) {
    byte[] start = Arrays.copyOf(headers(VERSION, salt), RECORDS_OFFSET);
    byte[] bytes = note(salt, note);
    System.arraycopy(bytes, 0, start, HEADERS_LENGTH, NOTE_LENGTH);
    System.arraycopy(bytes, 0, start, HEADERS_LENGTH + NOTE_LENGTH, NOTE_LENGTH);
    return start;
  }

  /** Returns the checksum of length, crc and number of the record at an offset. */
  static int check(long salt, byte[] bytes, int from) {
    return crc(salt, bytes, from, RECORD_CHECK_AT);
  }

  private static int crc(long salt, byte[] bytes, int from, int length) {
    byte[] salted = new byte[Long.BYTES + length];
    LONGS.set(salted, 0, salt);
    System.arraycopy(bytes, from, salted, Long.BYTES, length);
    return crc(salted, 0, salted.length);
  }

  /**
   * A note on the numbers of a file's records.
   *
   * @param first the number of the first record
   * @param last the number of the last record that is known to be on the disk; {@code first - 1} if
   *     there is none
   */
  record Note(long first, long last) {}

  static byte[] note(long salt, Note note) {
    byte[] bytes = new byte[NOTE_LENGTH];
    LONGS.set(bytes, 0, note.first());
    LONGS.set(bytes, Long.BYTES, note.last());
    INTS.set(bytes, NOTE_CRC_AT, crc(salt, bytes, 0, NOTE_CRC_AT));
    return bytes;
  }

  /** Returns the note at {@code from}, if a valid one is there. */
  static Optional<Note> note(long salt, byte[] bytes, int from, int to) {
    boolean sound =
        to - from >= NOTE_LENGTH
            && (int) INTS.get(bytes, from + NOTE_CRC_AT) == crc(salt, bytes, from, NOTE_CRC_AT);
    return sound
        ? Optional.of(
            new Note((long) LONGS.get(bytes, from), (long) LONGS.get(bytes, from + Long.BYTES)))
        : Optional.empty();
  }
}
