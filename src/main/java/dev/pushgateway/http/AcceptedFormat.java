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
 * The format and the escaping scheme of a scrape, negotiated as in the Go gateway.
 *
 * <p>The clauses of {@code Accept} are tried by falling quality. The first clause that names an
 * offered format wins; without one, the format is text. The escaping scheme comes from the winning
 * clause, or from the last clause before it that names a scheme. Wildcards name no format.
 */
public record AcceptedFormat(ScrapeFormat format, EscapingScheme escaping) {
  /** Maximum number of clauses, more than any client sends. Further clauses are ignored. */
  private static final int MAX_CLAUSES = 64;

  /** One {@code type/subtype;parameters} of the header. */
  private record Clause(String type, String subtype, Map<String, String> parameters, double q) {
    /** Returns whether this clause comes first: by quality, but never after a wildcard. */
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
   * Returns the format and the escaping scheme of a response.
   *
   * @param accept the header; {@code null} if there is none
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
   * Sorts by insertion, because {@link Clause#isBefore} is not transitive and other algorithms
   * would give other results. Go has the same order and sorts a few elements by insertion, too.
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

  /** Returns one clause; {@code null} if it is not a media range. */
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
      return 0; // The result of Go's parser when it fails.
    }
  }
}
