package dev.pushgateway.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A page of the documentation, taken apart into blocks of code, marks between them, and prose. */
final class Page {
  static final Path README = Path.of("..", "README.md");
  private static final Path FOLDER = Path.of("..", "src", "site", "markdown");

  private static final Pattern COMMENT = Pattern.compile("<!--(.*?)-->");
  private static final Pattern LINK = Pattern.compile("(?<!`)\\[[^\\]\\[]*]\\(([^)\\s]+)\\)");
  private static final Pattern SENTENCE_END =
      Pattern.compile("(?<=[.!?:])[)\"']*\\s+(?=[A-Z`\"*\\[(])");
  private static final String FENCE = "```";

  private final Path file;
  private final List<String> lines;
  private final List<Block> blocks = new ArrayList<>();
  private final List<String> prose = new ArrayList<>();

  private Page(Path file) throws IOException {
    this.file = file;
    lines = Files.readAllLines(file);
    takeApart();
  }

  static Page of(Path file) {
    try {
      return new Page(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the README and all pages. */
  static List<Page> all() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      Stream<Path> pages = files.filter(file -> file.toString().endsWith(".md")).sorted();
      return Stream.concat(Stream.of(README), pages).map(Page::of).toList();
    }
  }

  static Page named(String name) {
    return of(FOLDER.resolve(name + ".md"));
  }

  static Path folder() {
    return FOLDER;
  }

  private void takeApart() {
    List<String> marks = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.startsWith(FENCE)) {
        int end = endOfBlock(i);
        String text = String.join("\n", lines.subList(i + 1, end)) + "\n";
        String language = line.substring(FENCE.length()).trim();
        blocks.add(new Block(i + 1, language, List.copyOf(marks), text));
        marks.clear();
        prose.add("");
        i = end;
        continue;
      }
      Matcher comment = COMMENT.matcher(line);
      if (comment.matches()) {
        String mark = comment.group(1).trim();
        if (mark.startsWith("gateway:")) {
          blocks.add(new Block(i + 1, "gateway", List.of(mark), ""));
        } else {
          marks.add(mark);
        }
      } else {
        if (!line.isBlank()) {
          marks.clear();
        }
        prose.add(line);
      }
    }
  }

  private int endOfBlock(int start) {
    for (int end = start + 1; end < lines.size(); end++) {
      if (lines.get(end).equals(FENCE)) {
        return end;
      }
    }
    throw new AssertionError(name() + ":" + (start + 1) + ": this block does not end");
  }

  String name() {
    return file.getFileName().toString();
  }

  Path file() {
    return file;
  }

  List<String> lines() {
    return lines;
  }

  /** Returns the blocks of code, and a block of language {@code gateway} for each such mark. */
  List<Block> blocks() {
    return blocks;
  }

  /** Returns the targets of all links, those in blocks of code excepted. */
  List<String> links() {
    List<String> links = new ArrayList<>();
    Matcher matcher = LINK.matcher(String.join("\n", prose));
    while (matcher.find()) {
      links.add(matcher.group(1));
    }
    return links;
  }

  /** Returns the anchors of all headings, as GitHub and most other sites make them. */
  Set<String> anchors() {
    Set<String> anchors = new TreeSet<>();
    for (String line : prose) {
      if (line.startsWith("#")) {
        String heading = line.replaceFirst("^#+ +", "").toLowerCase(Locale.ROOT);
        String anchor = heading.replaceAll("[^\\p{L}\\p{N}\\-_ ]", "").replace(' ', '-');
        for (int n = 1; !anchors.add(n == 1 ? anchor : anchor + "-" + (n - 1)); n++) {}
      }
    }
    return anchors;
  }

  /**
   * Returns the sentences of all paragraphs, list entries and table cells, without headings. A code
   * span is one word, a link is its text.
   */
  List<String> sentences() {
    List<String> sentences = new ArrayList<>();
    StringBuilder paragraph = new StringBuilder();
    for (String line : prose) {
      boolean isRow = line.startsWith("|");
      if (line.isBlank() || line.startsWith("#") || isRow || line.matches(" *([-*]|\\d+\\.) .*")) {
        split(paragraph, sentences);
      }
      if (isRow) {
        for (String cell : line.split("(?<!\\\\)\\|")) {
          split(new StringBuilder(cell), sentences);
        }
      } else if (!line.startsWith("#")) {
        paragraph.append(line.replaceFirst("^ *([-*]|\\d+\\.) ", "")).append(' ');
      }
    }
    split(paragraph, sentences);
    return sentences;
  }

  private static void split(StringBuilder paragraph, List<String> sentences) {
    String text =
        paragraph
            .toString()
            .replaceAll("`[^`]*`", "CODE")
            .replaceAll("!?\\[([^\\]]*)]\\([^)]*\\)", "$1")
            .replace("**", "");
    paragraph.setLength(0);
    for (String sentence : SENTENCE_END.split(text)) {
      if (!sentence.isBlank()) {
        sentences.add(sentence.trim());
      }
    }
  }
}
