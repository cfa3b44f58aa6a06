package dev.pushgateway.protobuf;

import dev.pushgateway.bytes.Varint;
import dev.pushgateway.model.ExpositionException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Reads the protobuf wire format: tags, varints, doubles, and messages within messages.
 *
 * <p>Stricter than protobuf-java's {@code CodedInputStream}, which drops the bits of a tag or a
 * varint that are too many, and knows where in the body it is, which an error message has to tell.
 * Nothing is copied, and a length counts only once that many bytes are known to be there.
 *
 * <p>Not thread-safe.
 */
public final class ProtobufReader {
  private static final VarHandle DOUBLE_BITS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int MAX_VARINT_BITS = 64;
  private static final int MAX_FIELD_NUMBER = (1 << 29) - 1;

  private byte[] bytes;
  private int start;
  private int position;
  private int limit;
  private int messageNumber;

  /** Begins with bytes {@code [from, to)}; offsets in error messages are counted from there. */
  public void reset(byte[] newBytes, int from, int to) {
    bytes = newBytes;
    start = from;
    position = from;
    limit = to;
    messageNumber = 0;
  }

  /** Begins the next of several messages, for error messages to name it. */
  public void nextMessage() {
    messageNumber++;
  }

  public int position() {
    return position;
  }

  /** Goes on at a place that has been passed before, within the same message. */
  public void position(int newPosition) {
    position = newPosition;
  }

  /** How many bytes are left of the message at hand. */
  public int left() {
    return limit - position;
  }

  public boolean hasMore() {
    return position < limit;
  }

  /**
   * Reads the length of a message, and enters it: it now looks as if its end were the end of all.
   *
   * @return what to {@link #leave} it with
   */
  public int enter() throws ExpositionException {
    int length = readLength();
    int outerLimit = limit;
    limit = position + length;
    return outerLimit;
  }

  /** Goes on behind the message that has been entered, read to its end or not. */
  public void leave(int outerLimit) {
    position = limit;
    limit = outerLimit;
  }

  /** Reads a length of which it is sure that so many bytes are there. */
  int readLength() throws ExpositionException {
    int at = position;
    long length = readVarint();
    if (length < 0 || length > limit - position) {
      String found = "a length of " + Long.toUnsignedString(length) + " bytes, but only ";
      throw fault(at, found + (limit - position) + " are left");
    }
    return (int) length;
  }

  /** Reads a length and skips what has it; it ends at {@link #position()}. */
  public int skipLengthDelimited() throws ExpositionException {
    int length = readLength();
    position += length;
    return length;
  }

  /** Reads a string; what is not UTF-8 in it is replaced. */
  String readString() throws ExpositionException {
    int length = skipLengthDelimited();
    return new String(bytes, position - length, length, StandardCharsets.UTF_8);
  }

  public int readTag() throws ExpositionException {
    int at = position;
    long tag = readVarint();
    if (tag >>> 3 == 0 || tag >>> 3 > MAX_FIELD_NUMBER) {
      throw fault(at, Long.toUnsignedString(tag >>> 3) + " is no field number");
    }
    return (int) tag;
  }

  public long readVarint() throws ExpositionException {
    int at = position;
    if (at < limit && bytes[at] >= 0) {
      position = at + 1;
      return bytes[at]; // Usual case: one byte.
    }
    return readLongVarint();
  }

  private long readLongVarint() throws ExpositionException {
    long value = 0;
    int at = position;
    for (int shift = 0; shift < MAX_VARINT_BITS; shift += 7) {
      if (at == limit) {
        throw fault(position, "the message ends within a number");
      }
      byte b = bytes[at++];
      value |= (long) (b & 0x7F) << shift;
      if (b >= 0 && (shift < 63 || b <= 1)) {
        position = at;
        return value;
      }
    }
    throw fault(position, "a number of more than 64 bits");
  }

  public double readDouble() throws ExpositionException {
    if (limit - position < Double.BYTES) {
      throw fault(position, "the message ends within a number of 8 bytes");
    }
    long bits = (long) DOUBLE_BITS.get(bytes, position);
    position += Double.BYTES;
    return Double.longBitsToDouble(bits);
  }

  /** Reads a signed number in zigzag form: 0, -1, 1, -2, … */
  long readSigned() throws ExpositionException {
    long zigzag = readVarint();
    return zigzag >>> 1 ^ -(zigzag & 1);
  }

  /** Reads a number of 32 bits in zigzag form; bits beyond that do not count. */
  int readSigned32() throws ExpositionException {
    int zigzag = (int) readVarint();
    return zigzag >>> 1 ^ -(zigzag & 1);
  }

  /**
   * Skips a field that the message at hand is not known to have.
   *
   * @param tag has just been read
   * @throws ExpositionException if the message has the field, but in another wire type
   */
  public void skipUnknown(int tag, ProtobufSchema message) throws ExpositionException {
    if (message.field(tag >>> 3) != null) {
      throw wrongWireType(tag);
    }
    skip(tag);
  }

  /** Skips a field whose tag has just been read. */
  public void skip(int tag) throws ExpositionException {
    switch (tag & 7) {
      case ProtobufTags.VARINT -> readVarint();
      case ProtobufTags.FIXED64 -> skipFixed(Long.BYTES);
      case ProtobufTags.LENGTH -> skipLengthDelimited();
      case ProtobufTags.FIXED32 -> skipFixed(Integer.BYTES);
      default -> throw wrongWireType(tag);
    }
  }

  private ExpositionException wrongWireType(int tag) {
    // A tag may have been written in more bytes than it needs; so this is where it is at the
    // latest.
    return fault(
        position - Varint.length(tag & 0xFFFF_FFFFL),
        "field " + (tag >>> 3) + " cannot have wire type " + (tag & 7));
  }

  private void skipFixed(int count) throws ExpositionException {
    if (limit - position < count) {
      throw fault(position, "the message ends within a number of " + count + " bytes");
    }
    position += count;
  }

  /** What is wrong at a place, as an exception that names message and offset. */
  public ExpositionException fault(int at, String reason) {
    return new ExpositionException(
        "message " + messageNumber + " at offset " + (at - start) + ": " + reason);
  }
}
