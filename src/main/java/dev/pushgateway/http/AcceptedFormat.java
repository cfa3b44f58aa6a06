package dev.pushgateway.http;

import dev.pushgateway.model.EscapingScheme;
import dev.pushgateway.scrape.ScrapeFormat;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The format and the escaping scheme of a scrape, agreed upon as the Go gateway does.
 *
 * <p>The clauses of the {@code Accept} header are tried by falling quality; the first that names a
 * format wins, text if there is none. The escaping scheme is that of the clause that wins or of the
 * last before it, even of a format that is not offered. Wildcards name no format.
 */
public record AcceptedFormat(ScrapeFormat format, EscapingScheme escaping) {
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
    return format.contentType(escaping);
  }

  /**
   * The format to answer with.
   *
   * @param accept the header, or {@code null} if there is none
   */
  public static AcceptedFormat negotiate(String accept) {
    EscapingScheme escaping = EscapingScheme.UNDERSCORES;
    for (Clause clause : sortedClauses(accept == null ? "" : accept)) {
      escaping = escapingOf(clause, escaping);
      Optional<ScrapeFormat> format =
          ScrapeFormat.of(clause.type + '/' + clause.subtype, clause.parameters);
      if (format.isPresent()) {
        return new AcceptedFormat(format.get(), escaping);
      }
    }
    return new AcceptedFormat(ScrapeFormat.TEXT, escaping);
  }

  private static EscapingScheme escapingOf(Clause clause, EscapingScheme otherwise) {
    String parameter = clause.parameters.get("escaping");
    return Stream.of(EscapingScheme.values())
        .filter(scheme -> scheme.parameter().equals(parameter))
        .findFirst()
        .orElse(otherwise);
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
