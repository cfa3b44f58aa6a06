package dev.pushgateway.docs;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * Compares an answer that a page shows with a real one. {@code …} on the page stands for any text;
 * times and addresses are equal to each other.
 */
final class Output {
  private static final String ANY = "…";
  private static final Pattern TIME =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)");
  private static final Pattern HTTP_DATE =
      Pattern.compile("[A-Z][a-z]{2}, \\d\\d [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT");
  private static final Pattern UNIX_TIME =
      Pattern.compile("\\b\\d(\\.\\d+)?e\\+?0?9\\b|\\b1\\d{9}(\\.\\d+)?\\b");

  private Output() {}

  /** Returns whether a real answer is as a page shows it. */
  static boolean matches(Block shown, String real) {
    if (shown.language().equals("json")) {
      return matches(json(shown.text()), json(real));
    }
    return pattern(shown.text().strip()).matcher(normalized(real.strip())).matches();
  }

  /** Reads JSON, which is YAML, too, as maps, lists, texts and numbers. */
  private static Object json(String text) {
    return new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
  }

  private static boolean matches(Object shown, Object real) {
    if (ANY.equals(shown)) {
      return true;
    }
    if (shown instanceof List<?> some && real instanceof List<?> all) {
      return matches(some, all);
    }
    if (shown instanceof Map<?, ?> some && real instanceof Map<?, ?> all) {
      return matches(some, all);
    }
    String text = normalized(String.valueOf(real));
    return pattern(String.valueOf(shown)).matcher(text).matches();
  }

  private static boolean matches(List<?> shown, List<?> real) {
    boolean isOpen = !shown.isEmpty() && ANY.equals(shown.get(shown.size() - 1));
    int wanted = isOpen ? shown.size() - 1 : shown.size();
    boolean hasLength = isOpen ? real.size() >= wanted : real.size() == wanted;
    return hasLength
        && IntStream.range(0, wanted).allMatch(i -> matches(shown.get(i), real.get(i)));
  }

  private static boolean matches(Map<?, ?> shown, Map<?, ?> real) {
    for (Map.Entry<?, ?> member : shown.entrySet()) {
      Object key = member.getKey();
      boolean isAsShown = real.containsKey(key) && matches(member.getValue(), real.get(key));
      if (!ANY.equals(key) && !isAsShown) {
        return false;
      }
    }
    return shown.containsKey(ANY) || shown.size() == real.size();
  }

  private static Pattern pattern(String shown) {
    return Pattern.compile(
        Pattern.compile(ANY)
            .splitAsStream(normalized(shown) + "\0")
            .map(part -> Pattern.quote(part.replace("\0", "")))
            .collect(Collectors.joining("[\\s\\S]*?")));
  }

  private static String normalized(String text) {
    String times = TIME.matcher(text).replaceAll("TIME");
    return UNIX_TIME.matcher(HTTP_DATE.matcher(times).replaceAll("TIME")).replaceAll("SECONDS");
  }
}
