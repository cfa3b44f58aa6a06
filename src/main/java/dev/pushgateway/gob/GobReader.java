package dev.pushgateway.gob;

import dev.pushgateway.disk.Disk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads Go's {@code encoding/gob}. A file is a sequence of messages. Each message holds a type
 * definition or the value. Numbers have variable length. A struct is a sequence of pairs: the
 * distance from the previous field, and the value of the field.
 *
 * <p>Reads the types in the Go gateway's file, and skips all other types that a file may define.
 * Every length is compared with the rest of the message before memory is allocated.
 *
 * @see <a href="https://pkg.go.dev/encoding/gob#hdr-Encoding_Details">Encoding details</a>
 */
public final class GobReader {
  /** Reports bytes that are not valid gob. */
  public static final class MalformedGobException extends Exception {
    MalformedGobException(String message) {
      super(message);
    }
  }

  /** Types 1 to 7 need no definition: bool, int, uint, float, bytes, string and complex. */
  private static final int BYTES = 5;

  static final int STRING = 6;
  private static final int COMPLEX = 7;

  private static final int MAX_DEPTH = 32;
  private static final int MAX_TYPES = 1000;
  private static final int WINDOW_LENGTH = 64 << 10;

  enum Kind {
    LIST,
    STRUCT,
    MAP,
    OPAQUE
  }

  /**
   * A type that the file defines.
   *
   * @param key type of the keys of a map
   * @param element type of the elements of a map or a list
   */
  record GobType(Kind kind, int key, int element, List<Field> fields) {}

  /** A field of a struct. */
  record Field(String name, int type) {}

  private final Disk.Handle handle;
  private final Map<Integer, GobType> types = new HashMap<>();
  private final byte[] window = new byte[WINDOW_LENGTH];
  private long windowStart;
  private int windowLength;
  private long at;
  private long messageEnd;

  GobReader(Disk.Handle handle) {
    this.handle = handle;
  }

  /**
   * Reads definitions up to the first value.
   *
   * @return the type of the value
   */
  int readValueType() throws IOException, MalformedGobException {
    while (true) {
      messageEnd = Long.MAX_VALUE;
      long length = readUnsigned();
      long left = handle.length() - at;
      if (length < 1 || length > left) {
        throw malformed("a message of " + length + " bytes with " + left + " bytes left");
      }
      messageEnd = at + length;
      long id = readSigned();
      if (id >= 0) {
        if (!isStruct((int) id) && readUnsigned() != 0) {
          throw malformed("expected 0 before a value that is no struct");
        }
        return (int) id;
      }
      define((int) -id);
      if (at != messageEnd) {
        throw malformed("expected the end of a type definition");
      }
    }
  }

  private boolean isStruct(int id) {
    GobType type = types.get(id);
    return type != null && type.kind() == Kind.STRUCT;
  }

  /** Returns a defined type; {@code null} for a type that needs no definition. */
  GobType type(int id) throws MalformedGobException {
    GobType type = types.get(id);
    if (type == null && (id < 1 || id > COMPLEX)) {
      throw malformed("type " + id + " is not defined");
    }
    return type;
  }

  /** Reads a definition: a struct with one field, whose number is the kind of the type. */
  private void define(int id) throws IOException, MalformedGobException {
    if (types.size() == MAX_TYPES) {
      throw malformed("more than " + MAX_TYPES + " types");
    }
    int field = nextField(-1);
    types.put(
        id,
        switch (field) {
          case 0, 1 -> readCommon(Kind.LIST); // An array or a slice.
          case 2 -> readStruct();
          case 3 -> readCommon(Kind.MAP);
          case 4, 5, 6 -> readCommon(Kind.OPAQUE);
          default -> throw malformed("no type has kind " + field);
        });
    if (nextField(field) >= 0) {
      throw malformed("expected the end of a type definition");
    }
  }

  /**
   * Reads the part that such types share: a struct of name and number, then one or two type
   * numbers.
   */
  private GobType readCommon(Kind kind) throws IOException, MalformedGobException {
    int[] numbers = new int[2];
    for (int field = nextField(-1); field >= 0; field = nextField(field)) {
      if (field == 0) {
        skipCommon();
      } else if (field <= 2) {
        numbers[field - 1] = (int) readSigned();
      } else {
        throw malformed("a type has no field " + field);
      }
    }
    boolean map = kind == Kind.MAP;
    return new GobType(kind, map ? numbers[0] : 0, map ? numbers[1] : numbers[0], List.of());
  }

  private void skipCommon() throws IOException, MalformedGobException {
    for (int field = nextField(-1); field >= 0; field = nextField(field)) {
      if (field == 0) {
        skip(readLength());
      } else {
        readSigned();
      }
    }
  }

  private GobType readStruct() throws IOException, MalformedGobException {
    List<Field> fields = new ArrayList<>();
    for (int field = nextField(-1); field >= 0; field = nextField(field)) {
      if (field == 0) {
        skipCommon();
        continue;
      }
      int count = readLength();
      for (int i = 0; i < count; i++) {
        fields.add(readFieldDefinition());
      }
    }
    return new GobType(Kind.STRUCT, 0, 0, fields);
  }

  private Field readFieldDefinition() throws IOException, MalformedGobException {
    String name = "";
    int type = 0;
    for (int field = nextField(-1); field >= 0; field = nextField(field)) {
      if (field == 0) {
        name = readString();
      } else {
        type = (int) readSigned();
      }
    }
    return new Field(name, type);
  }

  /**
   * Reads the number of the next field that is set.
   *
   * @param field the number of the previous field; -1 before the first
   * @return -1 at the end of the struct
   */
  int nextField(int field) throws IOException, MalformedGobException {
    long distance = readUnsigned();
    if (distance == 0) {
      return -1;
    }
    if (distance < 0 || distance > Short.MAX_VALUE) {
      throw malformed("a struct has no field " + distance + " behind field " + field);
    }
    return field + (int) distance;
  }

  /** Skips a value of any type. */
  void skipValue(int id) throws IOException, MalformedGobException {
    skipValue(id, 0);
  }

  private void skipValue(int id, int depth) throws IOException, MalformedGobException {
    if (depth > MAX_DEPTH) {
      throw malformed("types within types, more than " + MAX_DEPTH + " deep");
    }
    GobType type = type(id);
    if (type == null) {
      skipBasic(id);
      return;
    }
    switch (type.kind()) {
      case OPAQUE -> skip(readLength());
      case STRUCT -> {
        for (int field = nextField(-1); field >= 0; field = nextField(field)) {
          skipValue(field(type, field).type(), depth + 1);
        }
      }
      default -> {
        int count = readLength();
        for (int i = 0; i < count; i++) {
          if (type.kind() == Kind.MAP) {
            skipValue(type.key(), depth + 1);
          }
          skipValue(type.element(), depth + 1);
        }
      }
    }
  }

  private void skipBasic(int id) throws IOException, MalformedGobException {
    if (id == BYTES || id == STRING) {
      skip(readLength());
      return;
    }
    readUnsigned();
    if (id == COMPLEX) {
      readUnsigned();
    }
  }

  Field field(GobType type, int index) throws MalformedGobException {
    if (index >= type.fields().size()) {
      throw malformed("a struct has no field " + index);
    }
    return type.fields().get(index);
  }

  String readString() throws IOException, MalformedGobException {
    return new String(readBytes(), StandardCharsets.UTF_8);
  }

  byte[] readBytes() throws IOException, MalformedGobException {
    int length = readLength();
    byte[] bytes = new byte[length];
    int done = 0;
    while (done < length) {
      int count = Math.min(length - done, available());
      System.arraycopy(window, (int) (at - windowStart), bytes, done, count);
      at += count;
      done += count;
    }
    return bytes;
  }

  /**
   * Reads a length or a count. Each element takes at least one byte, so the rest of the message
   * limits both.
   */
  int readLength() throws IOException, MalformedGobException {
    long length = readUnsigned();
    if (length < 0 || length > messageEnd - at || length > Integer.MAX_VALUE - 16) {
      throw malformed("a length of " + Long.toUnsignedString(length) + " is too much");
    }
    return (int) length;
  }

  private void skip(int length) {
    at += length;
  }

  private long readSigned() throws IOException, MalformedGobException {
    long bits = readUnsigned();
    return (bits & 1) == 0 ? bits >>> 1 : ~(bits >>> 1);
  }

  /**
   * Reads an unsigned number. A small number is one byte. Otherwise the first byte is the negated
   * number of bytes that follow.
   */
  private long readUnsigned() throws IOException, MalformedGobException {
    int first = readByte();
    if (first >= 0) {
      return first;
    }
    int count = -first;
    if (count > Long.BYTES) {
      throw malformed("a number of " + count + " bytes");
    }
    long value = 0;
    for (int i = 0; i < count; i++) {
      value = value << 8 | readByte() & 0xFF;
    }
    return value;
  }

  private int readByte() throws IOException, MalformedGobException {
    if (at >= messageEnd || available() == 0) {
      throw malformed("expected more, found the end");
    }
    return window[(int) (at++ - windowStart)];
  }

  /**
   * Makes sure that the window holds the next byte.
   *
   * @return the number of bytes in the window from the current offset on
   */
  private int available() throws IOException, MalformedGobException {
    if (at < windowStart || at >= windowStart + windowLength) {
      windowLength = handle.read(at, window, 0, window.length);
      windowStart = at;
      if (windowLength == 0) {
        throw malformed("expected more, found the end");
      }
    }
    return (int) (windowStart + windowLength - at);
  }

  long offset() {
    return at;
  }

  MalformedGobException malformed(String found) {
    return new MalformedGobException("at offset " + at + ": " + found);
  }
}
