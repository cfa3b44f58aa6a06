package dev.pushgateway.push;

import dev.pushgateway.parse.ExpositionParser;
import dev.pushgateway.parse.ProtobufParser;
import dev.pushgateway.parse.TextParser;
import dev.pushgateway.request.MediaType;
import java.util.function.Predicate;

/**
 * The formats of pushes. To add a format, add its parser and a constant here.
 *
 * <p>A push has the first format that accepts its {@code Content-Type}.
 */
enum PushFormat {
  DELIMITED_PROTOBUF(MediaType::isDelimitedProtobuf, ProtobufParser::new),

  /** Text format 0.0.4. A push of any unknown type is parsed as text, like in the Go gateway. */
  TEXT(contentType -> true, TextParser::new);

  /** Creates a parser; the flag says whether names may be any UTF-8 text. */
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
   * @param contentType the header; {@code null} if there is none
   */
  static PushFormat of(String contentType) {
    int i = 0;
    while (!FORMATS[i].accepts.test(contentType)) {
      i++; // The last format accepts every type.
    }
    return FORMATS[i];
  }

  ExpositionParser newParser(boolean utf8Names) {
    return newParser.make(utf8Names);
  }
}
