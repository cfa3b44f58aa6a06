package dev.pushgateway.parse;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pushgateway.block.TextLines;
import dev.pushgateway.bytes.TextBytes;
import dev.pushgateway.model.ExpositionException;
import dev.pushgateway.model.MetricType;
import dev.pushgateway.parse.TextCursor.Comment;
import java.util.HashMap;
import java.util.Map;

/**
 * Parses the HELP and TYPE lines of a body in text format.
 *
 * <p>These lines may be repeated, and may follow the samples. The last of several help texts
 * counts. Types must not differ. A TYPE line that changes the meaning of earlier lines ends the
 * parse, and {@link #isLate} becomes true. The body is then parsed again with the types that {@link
 * #readTypes} finds.
 *
 * <p>Not thread-safe.
 */
final class TextHeaders {
  private final TextCursor in;
  private final TextMemory memory;
  private boolean isLate;

  TextHeaders(TextCursor in, TextMemory memory) {
    this.in = in;
    this.memory = memory;
  }

  /** Starts before the first line. */
  void start() {
    isLate = false;
  }

  /** Returns whether a TYPE line has ended the parse. */
  boolean isLate() {
    return isLate;
  }

  /**
   * Reads the TYPE lines only.
   *
   * @return the type of each family that has one; the first of several
   */
  Map<String, MetricType> readTypes() throws ExpositionException {
    Map<String, MetricType> types = new HashMap<>();
    memory.startAgain();
    while (in.at < in.to) {
      in.startLine();
      in.skipMarks();
      in.skipBlanks();
      if (in.isAt('#') && isTypeLine()) {
        String name = new String(in.name, in.nameFrom, in.nameTo - in.nameFrom, UTF_8);
        MetricType type = readType();
        if (type != null && types.putIfAbsent(name, type) == null) {
          memory.take(TextFamilies.FAMILY_BYTES, in);
        }
      } else {
        in.skipLine();
      }
    }
    return types;
  }

  private boolean isTypeLine() {
    try {
      return in.readComment() == Comment.TYPE;
    } catch (ExpositionException e) {
      return false; // The next parse reports it, unless an earlier line is wrong.
    }
  }

  /** Parses a comment from its {@code #} on. */
  void parse(TextFamilies families) throws ExpositionException {
    Comment comment = in.readComment();
    if (comment == Comment.READERS) {
      in.skipLine();
      return;
    }
    int nameAt = in.nameAt;
    TextFamilies.Sample sample = families.named(in, nameAt, memory);
    if (in.isLineEnd(in.at)) {
      in.nextLine();
    } else if (comment == Comment.HELP) {
      parseHelp(sample);
    } else if (sample.isPart()) {
      throw in.error(
          nameAt,
          "family %s of this push collides with a series of %s %s of this push"
              .formatted(
                  sample.quotedName(),
                  sample.family().type().words(),
                  sample.family().quotedName()));
    } else {
      parseType(sample.family(), families);
    }
  }

  private void parseHelp(TextFamilies.Sample sample) throws ExpositionException {
    int from = in.at;
    in.skipLine();
    int end = in.endOfLineBefore(in.at, from);
    boolean escaped = false;
    for (int i = from; i < end; i++) {
      if (in.body[i] == '\\') {
        in.checkEscape(i++, end);
        escaped = true;
      }
    }
    TextFamilies.Family family = sample.family();
    if (sample.isPart() && family.help() != null) {
      return; // The help text of the whole family wins over that of a part.
    }
    family.help(
        escaped
            ? TextLines.unescape(in.body, from, end)
            : new String(in.body, from, end - from, UTF_8));
  }

  private void parseType(TextFamilies.Family family, TextFamilies families)
      throws ExpositionException {
    int from = in.at;
    MetricType type = readType();
    if (type == null) {
      throw in.error(
          from, "unknown metric type " + TextBytes.quote(in.body, from, in.endOfText(from)));
    }
    if (family.isTyped() && family.type() != type) {
      throw in.error(
          from,
          "expected type %s, which an earlier line gives metric family %s, found %s"
              .formatted(family.type().words(), family.quotedName(), type.words()));
    }
    isLate = !family.isTyped() && families.isLate(type, family);
    if (isLate) {
      in.at = in.to;
    } else {
      family.type(type, true);
    }
  }

  /**
   * Reads the rest of a TYPE line.
   *
   * @return {@code null} if it names no type
   */
  private MetricType readType() {
    int from = in.at;
    in.skipLine();
    return TextFamilies.typeOf(in.body, from, in.endOfText(from));
  }
}
