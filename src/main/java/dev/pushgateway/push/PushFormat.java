package dev.pushgateway.push;

import dev.pushgateway.parse.ExpositionParser;
import dev.pushgateway.parse.ProtobufParser;
import dev.pushgateway.parse.TextParser;
import dev.pushgateway.request.MediaType;
import java.util.function.Predicate;

/**
 * The formats in which metrics are pushed. A format is added by adding its parser and a line here.
 *
 * <p>The first format that accepts the {@code Content-Type} of a push is the one that it is in.
 */
enum PushFormat {
  DELIMITED_PROTOBUF(MediaType::isDelimitedProtobuf, ProtobufParser::new),

  /** Text format 0.0.4. As in the Go gateway, a push of any other type is taken for text. */
  TEXT(contentType -> true, TextParser::new);

  /** Makes a parser; the flag says whether names may be any UTF-8 text. */
  private interface NewParser {
    ExpositionParser make(boolean utf8Names);
  }

  private static final PushFormat[] FORMATS = values();

  private final Predicate<String> accepts;
  private final NewParser newParser;

  PushFormat(Predicate<String> accepts, NewParser newParser) {
    this.accepts = accepts;
    this.newParser = newParser;
  }

  /**
   * Returns the format of a push.
   *
   * @param contentType the header, {@code null} if there is none
   */
  static PushFormat of(String contentType) {
    int i = 0;
    while (!FORMATS[i].accepts.test(contentType)) {
      i++; // The last one accepts everything.
    }
    return FORMATS[i];
  }

  /** Returns a new parser of this format. */
  ExpositionParser newParser(boolean utf8Names) {
    return newParser.make(utf8Names);
  }
}
