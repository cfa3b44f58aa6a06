package dev.pushgateway.scrape;

import dev.pushgateway.model.EscapingScheme;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The formats of a scrape, each with its media type and writer. */
public enum ScrapeFormat {
  TEXT("text/plain; version=0.0.4; charset=utf-8", new TextWriter()),
  PROTOBUF_DELIMITED(protobuf("delimited"), new ProtobufWriter()),
  PROTOBUF_TEXT(protobuf("text"), ReadableProtobufWriter.MULTILINE),
  PROTOBUF_COMPACT_TEXT(protobuf("compact-text"), ReadableProtobufWriter.COMPACT);

  private static final String VERSION = "version";

  private final String mediaType;
  private final ExpositionWriter writer;
  private final String type;

  /** The parameters, by name, that a client must give. It may leave out the version. */
  private final Map<String, String> parameters = new LinkedHashMap<>();

  ScrapeFormat(String mediaType, ExpositionWriter writer) {
    this.mediaType = mediaType;
    this.writer = writer;
    String[] parts = mediaType.split("; ", -1);
    type = parts[0];
    for (int i = 1; i < parts.length; i++) {
      String[] pair = parts[i].split("=", -1);
      parameters.put(pair[0], pair[1]);
    }
    parameters.remove("charset");
  }

  private static String protobuf(String encoding) {
    return "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding="
        + encoding;
  }

  /**
   * Returns the format that a client asks for.
   *
   * @param type {@code type/subtype} of a media range
   * @param parameters of the media range, by name
   * @return empty if the media range names none of the formats
   */
  public static Optional<ScrapeFormat> of(String type, Map<String, String> parameters) {
    return Arrays.stream(values()).filter(each -> each.isNamedBy(type, parameters)).findFirst();
  }

  private boolean isNamedBy(String wantedType, Map<String, String> wanted) {
    if (!type.equals(wantedType)) {
      return false;
    }
    for (Map.Entry<String, String> parameter : parameters.entrySet()) {
      String value = wanted.getOrDefault(parameter.getKey(), "");
      boolean isAnyVersion = value.isEmpty() && parameter.getKey().equals(VERSION);
      if (!isAnyVersion && !value.equals(parameter.getValue())) {
        return false;
      }
    }
    return true;
  }

  /** Returns the value for a {@code Content-Type} header. */
  public String contentType(EscapingScheme escaping) {
    return mediaType + "; escaping=" + escaping.parameter();
  }

  public ExpositionWriter writer() {
    return writer;
  }
}
