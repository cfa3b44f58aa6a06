package dev.pushgateway.bench;

import dev.pushgateway.bench.Figures.Figure;
import java.util.Locale;

/** Prints figures as a Markdown table for people and as JSON for programs. */
final class Table {
  private static final String MISSING = "-";

  private final Figures figures;

  Table(Figures figures) {
    this.figures = figures;
  }

  String markdown() {
    StringBuilder text = new StringBuilder(4096);
    text.append("| Work | Go, check on | Go, check off | ours ");
    text.append("| times better than check on | than check off | to reach | reached |\n");
    text.append("|---|---:|---:|---:|---:|---:|---:|---|\n");
    for (Work work : Work.values()) {
      if (figures.has(work)) {
        text.append("| ").append(work.title);
        for (Kind kind : Kind.values()) {
          text.append(" | ").append(cell(work, figures.get(work, kind)));
        }
        text.append(" | ").append(times(figures.timesBetter(work, Kind.GO_CHECKED)));
        text.append(" | ").append(times(figures.timesBetter(work, Kind.GO_UNCHECKED)));
        text.append(" | ").append(goal(work));
        text.append(" | ").append(verdict(work)).append(" |\n");
      }
    }
    return text.toString();
  }

  private static String cell(Work work, Figure figure) {
    if (Double.isNaN(figure.value())) {
      return figure.note().isEmpty() ? MISSING : figure.note();
    }
    String note = figure.note().isEmpty() ? "" : " (" + figure.note() + ")";
    return work.unit.format(figure.value()) + note;
  }

  private static String times(double ratio) {
    return Double.isNaN(ratio) ? MISSING : Unit.number(ratio);
  }

  private static String goal(Work work) {
    StringBuilder goal = new StringBuilder();
    if (work.timesChecked > 0) {
      goal.append(Unit.number(work.timesChecked)).append(" on");
    }
    if (work.timesUnchecked > 0) {
      goal.append(goal.length() > 0 ? ", " : "");
      goal.append(Unit.number(work.timesUnchecked)).append(" off");
    }
    if (work.limit > 0) {
      goal.append(work.unit.largerIsBetter() ? "at least " : "at most ");
      goal.append(work.unit.format(work.limit));
    }
    work.base.ifPresent(
        base -> goal.append(times(work.timesBase)).append(" of ").append(base.title));
    return goal.length() == 0 ? MISSING : goal.toString();
  }

  /** Whether every goal that could be measured is reached. */
  private String verdict(Work work) {
    Boolean reached = null;
    double checked = figures.timesBetter(work, Kind.GO_CHECKED);
    if (work.timesChecked > 0 && !Double.isNaN(checked)) {
      reached = checked >= work.timesChecked;
    }
    double unchecked = figures.timesBetter(work, Kind.GO_UNCHECKED);
    if (work.timesUnchecked > 0 && !Double.isNaN(unchecked)) {
      reached = (reached == null || reached) && unchecked >= work.timesUnchecked;
    }
    double ours = figures.get(work, Kind.OURS).value();
    if (work.limit > 0 && !Double.isNaN(ours)) {
      boolean kept = work.unit.largerIsBetter() ? ours >= work.limit : ours <= work.limit;
      reached = (reached == null || reached) && kept;
    }
    double timesBase = figures.timesBase(work);
    if (!Double.isNaN(timesBase)) {
      boolean isMore = work.unit.largerIsBetter();
      reached = isMore ? timesBase >= work.timesBase : timesBase <= work.timesBase;
    }
    return reached == null ? MISSING : reached ? "yes" : "no";
  }

  /** One object per work, with the figures that are there and their notes. */
  String json(String machine) {
    StringBuilder json = new StringBuilder("{\n  \"machine\": ").append(quote(machine));
    json.append(",\n  \"works\": [");
    String separator = "\n";
    for (Work work : Work.values()) {
      if (figures.has(work)) {
        json.append(separator).append("    {\"work\": ").append(quote(work.option()));
        json.append(", \"unit\": ").append(quote(work.unit.symbol));
        for (Kind kind : Kind.values()) {
          Figure figure = figures.get(work, kind);
          if (!Double.isNaN(figure.value())) {
            String key = kind.name().toLowerCase(Locale.ROOT);
            json.append(", ").append(quote(key)).append(": ").append(figure.value());
            json.append(", ")
                .append(quote(key + "_note"))
                .append(": ")
                .append(quote(figure.note()));
          }
        }
        json.append('}');
        separator = ",\n";
      }
    }
    return json.append("\n  ]\n}\n").toString();
  }

  private static String quote(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }
}
