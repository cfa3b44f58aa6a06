package dev.pushgateway.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.gateway.Flag;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What can be said of the pages without running anything. */
final class PagesTest {
  private static final int README_LINES = 200;
  private static final int WORDS = 30;
  private static final int COLUMNS = 120;
  private static final Pattern RIDDLE = Pattern.compile("(Of|What|Whether|So|That|Who) .*");

  @Test
  void readmeHasAtMost200Lines() {
    assertTrue(Page.of(Page.README).lines().size() <= README_LINES);
  }

  @Test
  void noSentenceIsLong() throws IOException {
    assertEquals(List.of(), sentencesWith(sentence -> sentence.split("\\s+").length > WORDS));
  }

  @Test
  void sentencesBeginWithTheirSubject() throws IOException {
    assertEquals(
        List.of(), sentencesWith(text -> RIDDLE.matcher(text).matches() && !text.endsWith("?")));
  }

  private static List<String> sentencesWith(Predicate<String> fault) throws IOException {
    List<String> found = new ArrayList<>();
    for (Page page : Page.all()) {
      page.sentences().stream()
          .filter(fault)
          .forEach(sentence -> found.add(page.name() + ": " + sentence));
    }
    return found;
  }

  @Test
  void noLineIsWide() throws IOException {
    List<String> wide = new ArrayList<>();
    for (Page page : Page.all()) {
      page.lines().stream()
          .filter(line -> line.length() > COLUMNS && line.contains(" ") && !line.startsWith("|"))
          .forEach(line -> wide.add(page.name() + ": " + line));
    }
    assertEquals(List.of(), wide);
  }

  @Test
  void pagesSayFirstWhoShouldReadThem() throws IOException {
    for (Page page : Page.all()) {
      List<String> lines = page.lines();
      assertTrue(lines.get(0).startsWith("# "), page.name());
      if (!page.file().equals(Page.README)) {
        assertTrue(lines.get(2).startsWith("Read this page if "), page.name());
      }
    }
  }

  @Test
  void everyLinkLeadsSomewhere() throws IOException {
    List<String> dead = new ArrayList<>();
    for (Page page : Page.all()) {
      for (String link : page.links()) {
        if (!URI.create(link).isAbsolute() && !leadsSomewhere(page, link)) {
          dead.add(page.name() + ": " + link);
        }
      }
    }
    assertEquals(List.of(), dead);
  }

  private static boolean leadsSomewhere(Page page, String link) {
    int hash = link.indexOf('#');
    String path = hash < 0 ? link : link.substring(0, hash);
    Path target = path.isEmpty() ? page.file() : page.file().resolveSibling(path);
    if (!Files.exists(target)) {
      return false;
    }
    return hash < 0 || Page.of(target).anchors().contains(link.substring(hash + 1));
  }

  @Test
  void readmeLeadsToEveryPage() throws IOException {
    List<String> links = Page.of(Page.README).links();
    for (Page page : Page.all()) {
      boolean isLinked = links.stream().anyMatch(link -> link.contains("/" + page.name()));
      assertTrue(isLinked || page.file().equals(Page.README), page.name());
    }
  }

  @Test
  void configurationHasEverySettingWithItsVariable() {
    List<String> rows =
        Page.named("configuration").lines().stream().filter(line -> line.startsWith("|")).toList();
    List<String> missing = new ArrayList<>();
    for (Flag flag : Flag.values()) {
      String variable =
          "PUSHGATEWAY_" + flag.flagName().toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
      String name = "`--" + flag.flagName() + "`";
      if (rows.stream().noneMatch(row -> row.contains(name) && row.contains(variable))) {
        missing.add(name + " with " + variable);
      }
    }
    assertEquals(List.of(), missing);
  }

  @Test
  void everyBlockNamesItsLanguageAndHasKnownMarks() throws IOException {
    Set<String> languages =
        Set.of(
            "sh",
            "json",
            "text",
            "yaml",
            "ini",
            "xml",
            "java",
            "python",
            "go",
            "js",
            "powershell",
            "gateway");
    Pattern mark =
        Pattern.compile(
            "output|web config|promtool check (config|rules|web-config)|"
                + "(gateway|file|not run|needs|compiled by|systemd-analyze verify):? .+|gateway:");
    List<String> wrong = new ArrayList<>();
    for (Page page : Page.all()) {
      for (Block block : page.blocks()) {
        boolean isKnown =
            languages.contains(block.language())
                && block.marks().stream().allMatch(one -> mark.matcher(one).matches());
        if (!isKnown || isUncheckedAnswer(block)) {
          wrong.add(page.name() + ":" + block.line() + ": " + block.marks());
        }
      }
    }
    assertEquals(List.of(), wrong);
  }

  /** An answer in JSON is compared with that of the gateway. */
  private static boolean isUncheckedAnswer(Block block) {
    return block.language().equals("json")
        && !block.isMarked("output")
        && block.after("file:").isEmpty();
  }

  @Test
  void openApiDescriptionIsValid() throws IOException {
    String text = Files.readString(Page.folder().resolve("openapi.yaml"));
    SwaggerParseResult result = new OpenAPIV3Parser().readContents(text);
    assertEquals(List.of(), result.getMessages());
    assertTrue(result.getOpenAPI().getPaths().containsKey("/api/v1/metrics"));
  }

  @Test
  void xmlAndYamlAreWellFormed() throws IOException {
    List<String> wrong = new ArrayList<>();
    for (Page page : Page.all()) {
      for (Block block : page.blocks()) {
        String fault =
            switch (block.language()) {
              case "xml" -> xmlFault(block.text());
              case "yaml" -> yamlFault(block.text());
              default -> "";
            };
        if (!fault.isEmpty()) {
          wrong.add(page.name() + ":" + block.line() + ": " + fault);
        }
      }
    }
    assertEquals(List.of(), wrong);
  }

  private static String xmlFault(String text) throws IOException {
    String document = text.startsWith("<?xml") ? text : "<all>" + text + "</all>";
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
      byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
      factory.newDocumentBuilder().parse(new InputSource(new ByteArrayInputStream(bytes)));
      return "";
    } catch (SAXException | ParserConfigurationException e) {
      return e.getMessage();
    }
  }

  private static String yamlFault(String text) {
    try {
      new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(text).forEach(document -> {});
      return "";
    } catch (RuntimeException e) {
      return e.getMessage();
    }
  }
}
