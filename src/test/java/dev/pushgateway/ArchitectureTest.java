package dev.pushgateway;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which package may import which: the arrows of the design. */
final class ArchitectureTest {
  private static final String ROOT = "dev.pushgateway";

  /** A row per package, from the ground up: its name, and the packages that it may import. */
  private static final String TABLE =
      """
      model       |
      bytes       |
      protobuf    | model bytes
      block       | model bytes protobuf
      parse       | model bytes protobuf block
      scrape      | model bytes protobuf block
      change      | model bytes block
      store       | model bytes block parse scrape change
      disk        |
      gob         | model bytes protobuf block parse change store disk
      persistence | model bytes block change store disk gob telemetry
      selector    | model
      access      | model selector
      telemetry   |
      admission   | block parse change store
      request     | model bytes parse change store access selector admission
      push        | model bytes block parse change store admission request
      listing     | model bytes block change store selector admission request
      page        | model block change store request listing
      http        | model bytes block parse scrape change store access telemetry admission request push listing page
      gateway     | model parse store persistence access telemetry admission request http
      embedded    | http gateway
      """;

  private static final Map<String, Set<String>> ARROWS = arrows();

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  private static Map<String, Set<String>> arrows() {
    Map<String, Set<String>> arrows = new TreeMap<>();
    for (String row : TABLE.lines().toList()) {
      String[] cells = row.split("\\|", 2);
      arrows.put(cells[0].strip(), new TreeSet<>(Set.of(cells[1].strip().split(" "))));
    }
    return arrows;
  }

  private static Set<String> packages() {
    return ARROWS.keySet();
  }

  @ParameterizedTest
  @MethodSource("packages")
  void importsOnlyWhatItsRowNames(String name) {
    JavaClasses own = CLASSES.that(resideInAPackage(ROOT + "." + name + ".."));
    assertFalse(own.isEmpty(), name);
    String[] others =
        packages().stream()
            .filter(other -> !other.equals(name) && !ARROWS.get(name).contains(other))
            .map(other -> ROOT + "." + other + "..")
            .toArray(String[]::new);
    ArchRuleDefinition.noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(others)
        .check(own);
  }

  @Test
  void everyClassIsInAPackageOfTheTable() {
    Set<String> found =
        CLASSES.stream()
            .map(type -> type.getPackageName().substring(ROOT.length() + 1).split("\\.")[0])
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(packages(), found);
  }

  @Test
  void packagesFormNoCycles() {
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @ParameterizedTest
  @MethodSource("packages")
  void hasAtMost32Classes(String name) {
    long count =
        CLASSES.that(resideInAPackage(ROOT + "." + name)).stream()
            .filter(type -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
            .count();
    assertTrue(count <= 32, name + " has " + count);
  }

  @Test
  void contributingShowsTheTable() throws IOException {
    String page = Files.readString(Path.of("../.github/CONTRIBUTING.md"));
    assertTrue(page.contains("```\n" + TABLE + "```\n"), "not the same table");
  }

  @Test
  void onlyEndpointsAndTheirWiringKnowServlets() {
    noServletsOutside("request", "push", "listing", "page", "http", "gateway", "embedded");
  }

  private static void noServletsOutside(String... names) {
    Set<String> allowed = Set.of(names);
    ArchRuleDefinition.noClasses()
        .that(
            DescribedPredicate.<JavaClass>describe(
                "are in other packages",
                type ->
                    !allowed.contains(
                        type.getPackageName().substring(ROOT.length() + 1).split("\\.")[0])))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jakarta.servlet..")
        .check(CLASSES);
  }
}
