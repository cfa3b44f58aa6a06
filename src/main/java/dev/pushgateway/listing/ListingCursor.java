package dev.pushgateway.listing;

import dev.pushgateway.change.GroupingKey;
import dev.pushgateway.model.Labels;
import dev.pushgateway.request.RequestRefusedException;
import dev.pushgateway.store.Group;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;

/**
 * The end of a page of a listing: the value and the key of its last group. The group need not exist
 * any more. Groups that appear or disappear between two pages therefore do not shift the next page.
 *
 * <pre>
 *   base64url of  [version 1][sort][descending][value, 8 bytes][count][name][value][name][value] …
 * </pre>
 *
 * @param value the value of the last group by which the listing is sorted
 * @param key the key of the last group
 */
record ListingCursor(GroupSort sort, boolean descending, long value, GroupingKey key) {
  private static final int VERSION = 1;

  static ListingCursor behind(Group group, GroupSort sort, boolean descending) {
    return new ListingCursor(sort, descending, sort.value(group), group.key());
  }

  String encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeByte(sort.ordinal());
      out.writeBoolean(descending);
      out.writeLong(value);
      Labels labels = key.labels();
      out.writeShort(labels.size());
      for (int i = 0; i < labels.size(); i++) {
        write(out, labels.name(i));
        write(out, labels.value(i));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("an array cannot fail", e);
    }
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
  }

  /**
   * Decodes a cursor.
   *
   * @throws RequestRefusedException for a text that {@link #encode} does not write
   */
  static ListingCursor decode(String text) throws RequestRefusedException {
    try (DataInputStream in =
        new DataInputStream(new ByteArrayInputStream(Base64.getUrlDecoder().decode(text)))) {
      if (in.readByte() != VERSION) {
        throw noCursor();
      }
      GroupSort sort = GroupSort.values()[in.readByte()];
      boolean descending = in.readBoolean();
      long value = in.readLong();
      String[] namesAndValues = new String[2 * in.readShort()];
      for (int i = 0; i < namesAndValues.length; i++) {
        namesAndValues[i] = read(in);
      }
      if (in.read() >= 0) {
        throw noCursor();
      }
      return new ListingCursor(sort, descending, value, new GroupingKey(Labels.of(namesAndValues)));
    } catch (IOException | RuntimeException e) {
      throw noCursor(); // No base64, too short, or an impossible sort or label.
    }
  }

  private static void write(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String read(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length > in.available()) {
      throw new IOException("it says that more is to come than there is");
    }
    return new String(in.readNBytes(length), java.nio.charset.StandardCharsets.UTF_8);
  }

  private static RequestRefusedException noCursor() {
    return RequestRefusedException.badRequest(
        "cursor: expected the next_cursor of an answer, found something else");
  }
}
