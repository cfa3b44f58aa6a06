package dev.pushgateway.access;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * One mapping of a YAML file, read key by key. Reading a key removes it. Keys that are left at the
 * end are unknown, and refused.
 *
 * <pre>
 *   YamlMapping limit = YamlMapping.of(node, "rate_limit");
 *   int burst = limit.number("burst", 0);
 *   limit.refuseTheRest();
 * </pre>
 *
 * <p>Messages name keys and lines, never values: values may be secrets.
 */
final class YamlMapping {
  private final String name;
  private final int line;
  private final Map<String, Node> values = new LinkedHashMap<>();
  private final Map<String, Integer> lines = new LinkedHashMap<>();

  private YamlMapping(String name, int line) {
    this.name = name;
    this.line = line;
  }

  /**
   * Returns the mapping in a node.
   *
   * @param node absent or {@code null} for an empty mapping
   * @param name of the mapping in messages
   */
  static YamlMapping of(Optional<Node> node, String name) throws WebConfigException {
    return node.isPresent() ? of(node.get(), name) : new YamlMapping(name, 1);
  }

  static YamlMapping of(Node node, String name) throws WebConfigException {
    YamlMapping mapping = new YamlMapping(name, YamlDocuments.line(node));
    if (isNull(node)) {
      return mapping;
    }
    if (!(node instanceof MappingNode pairs)) {
      throw mapping.wrong("expected keys and values in " + name);
    }
    for (NodeTuple pair : pairs.getValue()) {
      int keyLine = YamlDocuments.line(pair.getKeyNode());
      if (!(pair.getKeyNode() instanceof ScalarNode key)) {
        throw WebConfigException.at(keyLine, "expected a word as key in " + name);
      }
      if (mapping.values.put(key.getValue(), pair.getValueNode()) != null) {
        throw WebConfigException.at(keyLine, "a key of " + name + " is there twice");
      }
      mapping.lines.put(key.getValue(), keyLine);
    }
    return mapping;
  }

  /** Returns the line of a key, from 1, also after the key was read. */
  int line(String key) {
    return lines.getOrDefault(key, line);
  }

  /** Returns the keys that were not read yet. */
  List<String> keys() {
    return new ArrayList<>(values.keySet());
  }

  /** Removes a key and returns its value; absent if there is no such key or it has no value. */
  private Optional<Node> removeNode(String key) {
    return Optional.ofNullable(values.remove(key)).filter(node -> !isNull(node));
  }

  YamlMapping mapping(String key) throws WebConfigException {
    return of(removeNode(key), key);
  }

  /** Returns a scalar as it is written in the file, also a number or a boolean. */
  Optional<String> text(String key) throws WebConfigException {
    Optional<Node> node = removeNode(key);
    return node.isPresent() ? Optional.of(scalar(node.get(), key)) : Optional.empty();
  }

  private static String scalar(Node node, String key) throws WebConfigException {
    if (node instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    throw WebConfigException.at(YamlDocuments.line(node), "expected text for " + key);
  }

  Optional<List<String>> texts(String key) throws WebConfigException {
    Optional<List<Node>> nodes = list(key);
    if (nodes.isEmpty()) {
      return Optional.empty();
    }
    List<String> texts = new ArrayList<>();
    for (Node node : nodes.get()) {
      texts.add(scalar(node, key));
    }
    return Optional.of(texts);
  }

  Optional<List<Node>> list(String key) throws WebConfigException {
    Optional<Node> node = removeNode(key);
    if (node.isEmpty()) {
      return Optional.empty();
    }
    if (node.get() instanceof SequenceNode sequence) {
      return Optional.of(sequence.getValue());
    }
    throw WebConfigException.at(YamlDocuments.line(node.get()), "expected a list for " + key);
  }

  boolean bool(String key, boolean otherwise) throws WebConfigException {
    Optional<Node> node = removeNode(key);
    if (node.isEmpty()) {
      return otherwise;
    }
    if (node.get() instanceof ScalarNode scalar && scalar.getTag().equals(Tag.BOOL)) {
      // YAML 1.1, which promtool reads, has three words for each of true and false.
      return List.of("true", "yes", "on").contains(scalar.getValue().toLowerCase(Locale.ROOT));
    }
    throw wrong(key, "expected true or false for " + key);
  }

  int number(String key, int otherwise) throws WebConfigException {
    Optional<String> text = text(key);
    try {
      return text.isEmpty() ? otherwise : Integer.parseInt(text.get());
    } catch (NumberFormatException e) {
      throw wrong(key, "expected a whole number for " + key);
    }
  }

  WebConfigException wrong(String key, String why) {
    return WebConfigException.at(line(key), why);
  }

  WebConfigException wrong(String why) {
    return WebConfigException.at(line, why);
  }

  void refuseTheRest() throws WebConfigException {
    for (String key : values.keySet()) {
      throw wrong(key, "there is no key " + quoted(key) + " in " + name);
    }
  }

  /** Quotes a key for a message. A key is not secret, but may contain any characters. */
  static String quoted(String text) {
    String cut = text.length() > 60 ? text.substring(0, 60) + "…" : text;
    return '"' + cut.replaceAll("[\\p{Cntrl}\\u2028\\u2029]", "?") + '"';
  }

  private static boolean isNull(Node node) {
    return node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.NULL);
  }
}
