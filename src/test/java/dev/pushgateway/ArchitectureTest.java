package dev.pushgateway;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which package may import which: the arrows of the design. */
final class ArchitectureTest {
  private static final String ROOT = "dev.pushgateway";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "embedded",
        "gateway",
        "http",
        "telemetry",
        "persistence",
        "store",
        "access",
        "selector",
        "exposition"
      })
  void seesClassesOf(String name) {
    assertFalse(CLASSES.that(resideInAPackage(ROOT + "." + name)).isEmpty());
  }

  @Test
  void arrowsGoOneWay() {
    layers().check(CLASSES);
  }

  private static LayeredArchitecture layers() {
    return layeredArchitecture()
        .consideringOnlyDependenciesInAnyPackage(ROOT + "..")
        .layer("embedded")
        .definedBy(ROOT + ".embedded")
        .layer("gateway")
        .definedBy(ROOT + ".gateway")
        .layer("http")
        .definedBy(ROOT + ".http")
        .layer("telemetry")
        .definedBy(ROOT + ".telemetry")
        .optionalLayer("replication")
        .definedBy(ROOT + ".replication")
        .optionalLayer("persistence")
        .definedBy(ROOT + ".persistence")
        .layer("store")
        .definedBy(ROOT + ".store")
        .layer("access")
        .definedBy(ROOT + ".access")
        .layer("selector")
        .definedBy(ROOT + ".selector")
        .layer("exposition")
        .definedBy(ROOT + ".exposition")
        .whereLayer("embedded")
        .mayOnlyAccessLayers("gateway", "http", "access")
        .whereLayer("gateway")
        .mayOnlyAccessLayers(
            "http",
            "telemetry",
            "replication",
            "persistence",
            "store",
            "access",
            "selector",
            "exposition")
        .whereLayer("http")
        .mayOnlyAccessLayers("store", "access", "selector", "exposition", "telemetry")
        .whereLayer("telemetry")
        .mayNotAccessAnyLayer()
        .whereLayer("replication")
        .mayOnlyAccessLayers("persistence", "store", "exposition")
        .whereLayer("persistence")
        .mayOnlyAccessLayers("store", "exposition")
        .whereLayer("store")
        .mayOnlyAccessLayers("exposition")
        .whereLayer("access")
        .mayOnlyAccessLayers("selector", "exposition")
        .whereLayer("selector")
        .mayOnlyAccessLayers("exposition")
        .whereLayer("exposition")
        .mayNotAccessAnyLayer()
        .ensureAllClassesAreContainedInArchitecture();
  }

  @Test
  void packagesFormNoCycles() {
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void onlyHttpAndWhatWiresItKnowServlets() {
    ArchRuleDefinition.noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + ".http", ROOT + ".gateway", ROOT + ".embedded")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jakarta.servlet..")
        .check(CLASSES);
  }
}
