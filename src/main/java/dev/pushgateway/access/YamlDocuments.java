package dev.pushgateway.access;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/**
 * Parses the documents of a YAML file into trees of nodes with line numbers.
 *
 * <p>Only strings are constructed, so that tags, merge keys and aliases can do no harm. Depth and
 * length are limited nevertheless.
 */
final class YamlDocuments {
  /** Maximum length of the file in characters: room for some hundred users with certificates. */
  static final int MAX_LENGTH = 1 << 20;

  private static final int MAX_DEPTH = 20;
  private static final int MAX_ALIASES = 50;

  private YamlDocuments() {}

  static List<Node> read(String text) throws WebConfigException {
    if (text.length() > MAX_LENGTH) {
      throw new WebConfigException("it has more than " + MAX_LENGTH + " characters");
    }
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(MAX_LENGTH);
    options.setNestingDepthLimit(MAX_DEPTH);
    options.setMaxAliasesForCollections(MAX_ALIASES);
    List<Node> documents = new ArrayList<>();
    try {
      new Yaml(options).composeAll(new StringReader(text)).forEach(documents::add);
    } catch (MarkedYAMLException e) {
      Mark mark = e.getProblemMark() == null ? e.getContextMark() : e.getProblemMark();
      String why = withoutContent(e.getProblem());
      throw mark == null
          ? new WebConfigException(why)
          : WebConfigException.at(mark.getLine() + 1, why);
    } catch (YAMLException e) {
      // An error of the reader, which quotes at most one character.
      throw new WebConfigException(withoutContent(e.getMessage()));
    }
    return documents;
  }

  /** Leaves names of aliases and tags out: they may be parts of a password without quotes. */
  private static String withoutContent(String problem) {
    String line = problem == null ? "it is no YAML" : problem.lines().findFirst().orElse("");
    for (String word : List.of("undefined alias", "undefined tag handle", "duplicate anchor")) {
      if (line.contains(word)) {
        return "found " + word;
      }
    }
    return line;
  }

  /** Returns the line of a node, from 1. */
  static int line(Node node) {
    return node.getStartMark().getLine() + 1;
  }
}
