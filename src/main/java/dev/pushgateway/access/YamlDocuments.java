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
 * The documents of a YAML file as trees of nodes, which know their lines.
 *
 * <p>Nothing is constructed from them but strings, so that tags, merge keys and aliases can do no
 * harm; depth and length are bounded nevertheless.
 */
final class YamlDocuments {
  /** Of the whole file, in characters: keys and certificates of some hundred users fit in. */
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
      // Of the reader, which quotes no more than one character.
      throw new WebConfigException(withoutContent(e.getMessage()));
    }
    return documents;
  }

  /** Names of aliases and tags may be parts of a password that somebody has not quoted. */
  private static String withoutContent(String problem) {
    String line = problem == null ? "it is no YAML" : problem.lines().findFirst().orElse("");
    for (String word : List.of("undefined alias", "undefined tag handle", "duplicate anchor")) {
      if (line.contains(word)) {
        return "found " + word;
      }
    }
    return line;
  }

  /** The line of a node, from 1. */
  static int line(Node node) {
    return node.getStartMark().getLine() + 1;
  }
}
