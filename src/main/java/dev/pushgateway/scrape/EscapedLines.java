package dev.pushgateway.scrape;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.block.SeriesOrder;
import dev.pushgateway.block.TextLines;
import dev.pushgateway.bytes.ByteArray;
import dev.pushgateway.model.EscapingScheme;
import dev.pushgateway.model.Names;
import java.nio.charset.StandardCharsets;

/**
 * Writes sample lines with escaped names, for readers of legacy names.
 *
 * <p>Only names are replaced. Values and the order of labels stay unchanged, as in the Go gateway,
 * even if the escaped names sort differently. A suffix is not a part of the name: {@code na.me_sum}
 * is the sum of {@code na.me}, and is written {@code U__na_2e_me_sum}.
 */
final class EscapedLines {
  private final EscapingScheme scheme;
  private final ByteArray out;
  private byte[] text;
  private int at;

  EscapedLines(EscapingScheme scheme, ByteArray out) {
    this.scheme = scheme;
    this.out = out;
  }

  static String shown(String name, EscapingScheme scheme) {
    return Names.isLegacyMetricName(name) ? name : scheme.escape(name);
  }

  void add(FamilyBlock block, int index) {
    text = block.text();
    at = block.textStart(index);
    int end = block.textStart(index + 1);
    while (at < end) {
      addLine(block.name());
    }
  }

  private void addLine(String name) {
    boolean hasLabels = addName(name);
    if (hasLabels) {
      out.add('{');
      addLabel();
      while (text[at] == ',') {
        out.add(',');
        at++;
        addLabel();
      }
      out.add('}');
    }
    at += text[at] == '}' ? 1 : 0;
    int from = at;
    while (text[at] != '\n') {
      at++;
    }
    at++;
    out.addThrough(text, from, at);
  }

  /**
   * Adds the name of a sample, and stops at the first label.
   *
   * @return whether there is a label
   */
  private boolean addName(String family) {
    String sample;
    boolean hasLabels;
    if (text[at] == '{') {
      sample = quoted(at + 1);
      hasLabels = text[at] == ',';
    } else {
      int from = at;
      while (text[at] != '{' && text[at] != ' ') {
        at++;
      }
      sample = new String(text, from, at - from, StandardCharsets.ISO_8859_1);
      hasLabels = text[at] == '{';
    }
    at += hasLabels ? 1 : 0;
    String suffix = sample.substring(family.length());
    out.add(TextLines.utf8(shown(family, scheme) + suffix));
    return hasLabels;
  }

  private void addLabel() {
    if (text[at] == '"') {
      out.add(TextLines.utf8(scheme.escape(quoted(at))));
    }
    int from = at;
    at = SeriesOrder.closingQuote(text, SeriesOrder.valueStart(text, at)) + 1;
    out.addThrough(text, from, at);
  }

  /** Returns the content of the string that starts with a quote, and stops behind the string. */
  private String quoted(int quote) {
    int end = SeriesOrder.closingQuote(text, quote + 1);
    at = end + 1;
    return TextLines.unescape(text, quote + 1, end);
  }
}
