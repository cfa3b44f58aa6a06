package dev.pushgateway.protobuf;

import dev.pushgateway.bytes.Varint;
import dev.pushgateway.model.ExpositionException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Reads the protobuf wire format: tags, varints, doubles and nested messages.
 *
 * <p>Two things differ from protobuf-java's {@code CodedInputStream}. This reader refuses tags and
 * varints with too many bits instead of dropping the bits, and its error messages tell the offset
 * in the body. It copies nothing, and trusts a length only if that many bytes are left.
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

  /**
   * Begins with bytes {@code [from, to)}. Offsets in error messages are counted from {@code from}.
   */
  public void reset(byte[] newBytes, int from, int to) {
    bytes = newBytes;
    start = from;
    position = from;
    limit = to;
    messageNumber = 0;
  }

  /** Begins the next message. Error messages name its number, from 1. */
  public void nextMessage() {
    messageNumber++;
  }

  public int position() {
    return position;
  }

  /** Moves to an offset that was read before, within the same message. */
  public void position(int newPosition) {
    position = newPosition;
  }

  /** Returns how many bytes of the current message are left. */
  public int left() {
    return limit - position;
  }

  public boolean hasMore() {
    return position < limit;
  }

  /**
   * Reads the length of a nested message and enters it. Until {@link #leave}, the end of the
   * message is the limit of all reads.
   *
   * @return the argument for {@link #leave}
   */
  public int enter() throws ExpositionException {
    int length = readLength();
    int outerLimit = limit;
    limit = position + length;
    return outerLimit;
  }

  /** Leaves the entered message and continues behind it, even if some of it was not read. */
  public void leave(int outerLimit) {
    position = limit;
    limit = outerLimit;
  }

  /** Reads a length, and checks that this many bytes are left. */
  int readLength() throws ExpositionException {
    int at = position;
    long length = readVarint();
    if (length < 0 || length > limit - position) {
      String found = "a length of " + Long.toUnsignedString(length) + " bytes, but only ";
      throw fault(at, found + (limit - position) + " are left");
    }
    return (int) length;
  }

  /**
   * Reads a length and skips that many bytes. They end at {@link #position()}.
   *
   * @return the length
   */
  public int skipLengthDelimited() throws ExpositionException {
    int length = readLength();
    position += length;
    return length;
  }

  /** Reads a string. Bytes that are not UTF-8 are replaced. */
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

  /** Reads a 32-bit number in zigzag form, and ignores higher bits. */
  int readSigned32() throws ExpositionException {
    int zigzag = (int) readVarint();
    return zigzag >>> 1 ^ -(zigzag & 1);
  }

  /**
   * Skips a field that the current message does not have.
   *
   * @param tag the tag, which has just been read
   * @throws ExpositionException if the message has the field, but with another wire type
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
    // The tag may be longer than it needs to be. It starts here or earlier.
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

  /** Returns an exception that names the message, the offset and the reason. */
  public ExpositionException fault(int at, String reason) {
    return new ExpositionException(
        "message " + messageNumber + " at offset " + (at - start) + ": " + reason);
  }
}
