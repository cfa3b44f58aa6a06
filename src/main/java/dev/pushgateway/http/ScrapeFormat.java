package dev.pushgateway.http;

import dev.pushgateway.model.EscapingScheme;
import dev.pushgateway.request.MediaType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a scrape is answered with, agreed upon as the Go gateway does.
 *
 * <p>The clauses of the {@code Accept} header are tried by falling quality; the first that names a
 * format wins, text if there is none. The escaping scheme is that of the clause that wins or of the
 * last before it, even of a format that is not offered. Wildcards name no format.
 */
public record ScrapeFormat(Encoding encoding, EscapingScheme escaping) {

  /** The formats. */
  enum Encoding {
    TEXT("text/plain; version=0.0.4; charset=utf-8"),
    PROTOBUF_DELIMITED(protobuf("delimited")),
    PROTOBUF_TEXT(protobuf("text")),
    PROTOBUF_COMPACT_TEXT(protobuf("compact-text"));

    private final String contentType;

    Encoding(String contentType) {
      this.contentType = contentType;
    }

    private static String protobuf(String encoding) {
      return "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding="
          + encoding;
    }
  }

  /** More than any client sends; the rest is not looked at. */
  private static final int MAX_CLAUSES = 64;

  /** One {@code type/subtype;parameters} of the header. */
  private record Clause(String type, String subtype, Map<String, String> parameters, double q) {
    /** Whether this comes first: by quality, but never behind a wildcard. */
    boolean isBefore(Clause other) {
      return q > other.q
          || !type.equals("*") && other.type.equals("*")
          || !subtype.equals("*") && other.subtype.equals("*");
    }
  }

  String contentType() {
    return encoding.contentType + "; escaping=" + escaping.parameter();
  }

  /**
   * The format to answer with.
   *
   * @param accept the header, or {@code null} if there is none
   */
  public static ScrapeFormat negotiate(String accept) {
    EscapingScheme escaping = EscapingScheme.UNDERSCORES;
    for (Clause clause : sortedClauses(accept == null ? "" : accept)) {
      escaping = escapingOf(clause, escaping);
      Encoding encoding = encodingOf(clause);
      if (encoding != null) {
        return new ScrapeFormat(encoding, escaping);
      }
    }
    return new ScrapeFormat(Encoding.TEXT, escaping);
  }

  private static EscapingScheme escapingOf(Clause clause, EscapingScheme otherwise) {
    String parameter = clause.parameters.get("escaping");
    for (EscapingScheme scheme : EscapingScheme.values()) {
      if (scheme.parameter().equals(parameter)) {
        return scheme;
      }
    }
    return otherwise;
  }

  /** The format that a clause names, or {@code null}. */
  private static Encoding encodingOf(Clause clause) {
    String name = clause.type + '/' + clause.subtype;
    if (name.equals("text/plain")) {
      String version = clause.parameters.getOrDefault("version", "");
      return version.isEmpty() || version.equals("0.0.4") ? Encoding.TEXT : null;
    }
    boolean isProtobuf =
        name.equals("application/vnd.google.protobuf")
            && MediaType.PROTOBUF_MESSAGE.equals(clause.parameters.get("proto"));
    if (!isProtobuf) {
      return null;
    }
    return switch (clause.parameters.getOrDefault("encoding", "")) {
      case "delimited" -> Encoding.PROTOBUF_DELIMITED;
      case "text" -> Encoding.PROTOBUF_TEXT;
      case "compact-text" -> Encoding.PROTOBUF_COMPACT_TEXT;
      default -> null;
    };
  }

  /**
   * By insertion, as {@link Clause#isBefore} is no order that a sorting algorithm could rely on: it
   * is Go's, and Go sorts so few elements by insertion, too.
   */
  private static List<Clause> sortedClauses(String accept) {
    List<Clause> clauses = new ArrayList<>();
    String[] parts = accept.split(",", MAX_CLAUSES + 1);
    for (int i = 0; i < Math.min(parts.length, MAX_CLAUSES); i++) {
      Clause clause = parseClause(parts[i].trim());
      if (clause == null) {
        continue;
      }
      int at = clauses.size();
      while (at > 0 && clause.isBefore(clauses.get(at - 1))) {
        at--;
      }
      clauses.add(at, clause);
    }
    return clauses;
  }

  /** One clause; {@code null} if it is no media range. */
  private static Clause parseClause(String text) {
    String[] parts = text.split(";", -1);
    String[] names = parts[0].split("/", -1);
    String type = names[0].trim();
    boolean isBareWildcard = names.length == 1 && type.equals("*");
    if (!isBareWildcard && (names.length != 2 || names[1].isEmpty())) {
      return null;
    }
    Map<String, String> parameters = new HashMap<>();
    double q = 1;
    for (int i = 1; i < parts.length; i++) {
      String[] pair = parts[i].split("=", -1);
      if (pair.length != 2) {
        continue;
      }
      if (pair[0].trim().equals("q")) {
        q = quality(pair[1]);
      } else {
        parameters.put(pair[0].trim(), pair[1].trim());
      }
    }
    return new Clause(type, isBareWildcard ? "*" : names[1].trim(), parameters, q);
  }

  private static double quality(String text) {
    try {
      return Double.parseDouble(text.trim());
    } catch (NumberFormatException e) {
      return 0; // What Go's parser leaves behind when it fails.
    }
  }
}
