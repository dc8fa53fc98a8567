package gslb.trials;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Holds the rooms and their arrows on the compiled classes; ARCHITECTURE.md draws them.
final class ArchitectureTest {
  /// Room → the rooms it may name directly or through another.
  private static final Map<String, Set<String>> ARROWS =
      Map.of(
          "base", Set.of(),
          "zones", Set.of("base"),
          "steering", Set.of("base"),
          "health", Set.of("steering"),
          "cluster", Set.of("health"),
          "dns", Set.of("zones", "steering"),
          "redirect", Set.of("steering"),
          "admin", Set.of("steering", "health"),
          "config", Set.of("zones", "steering", "health", "cluster", "dns", "redirect"),
          "node", Set.of("config", "admin"));

  /// Library → the only room that may name it.
  private static final Map<String, String> LIBRARIES =
      Map.of(
          "org.xbill..", "zones",
          "com.maxmind..", "steering",
          "com.hazelcast..", "cluster",
          "org.snakeyaml..", "config");

  private static final JavaClasses PRODUCT =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(
              location -> !location.contains("testkit") && !location.contains("trials"))
          .importPackages("gslb");

  private static Set<String> reachable(String room) {
    Set<String> reached = new HashSet<>();
    List<String> open = new ArrayList<>(ARROWS.get(room));
    while (!open.isEmpty()) {
      String next = open.removeLast();
      if (reached.add(next)) {
        open.addAll(ARROWS.get(next));
      }
    }
    return reached;
  }

  @TestFactory
  List<DynamicTest> onlyTheDrawnArrowsExist() {
    List<DynamicTest> tests = new ArrayList<>();
    for (String room : ARROWS.keySet()) {
      Set<String> forbidden = new HashSet<>(ARROWS.keySet());
      forbidden.removeAll(reachable(room));
      forbidden.remove(room);
      if (forbidden.isEmpty()) {
        continue;
      }
      String[] packages = forbidden.stream().map(r -> "gslb." + r + "..").toArray(String[]::new);
      tests.add(
          DynamicTest.dynamicTest(
              room + " does not see " + forbidden,
              () ->
                  noClasses()
                      .that()
                      .resideInAPackage("gslb." + room + "..")
                      .should()
                      .dependOnClassesThat()
                      .resideInAnyPackage(packages)
                      .check(PRODUCT)));
    }
    return tests;
  }

  @TestFactory
  List<DynamicTest> eachLibraryStaysBehindItsRoom() {
    List<DynamicTest> tests = new ArrayList<>();
    new HashMap<>(LIBRARIES)
        .forEach(
            (library, room) ->
                tests.add(
                    DynamicTest.dynamicTest(
                        library + " is named by " + room + " alone",
                        () ->
                            noClasses()
                                .that()
                                .resideOutsideOfPackage("gslb." + room + "..")
                                .should()
                                .dependOnClassesThat()
                                .resideInAPackage(library)
                                .check(PRODUCT))));
    return tests;
  }

  @Test
  void everyRoomHasClasses() {
    for (String room : ARROWS.keySet()) {
      assertThat(PRODUCT.stream().anyMatch(c -> c.getPackageName().startsWith("gslb." + room)))
          .as(room)
          .isTrue();
    }
  }

  @Test
  void nothingSleeps() {
    noClasses().should().callMethod(Thread.class, "sleep", long.class).check(PRODUCT);
    noClasses().should().callMethod(Thread.class, "sleep", java.time.Duration.class).check(PRODUCT);
  }

  @Test
  void timeAndChanceAreArguments() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("gslb.base.Clock$1")
        .should()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(Math.class, "random")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.util.concurrent.ThreadLocalRandom")
        .check(PRODUCT);
  }

  @Test
  void nothingStaticCanChange() {
    fields().that().areStatic().should().beFinal().check(PRODUCT);
  }

  @Test
  void steeringIsPure() {
    noClasses()
        .that()
        .resideInAPackage("gslb.steering..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.nio.file..", "java.nio.channels..", "java.util.concurrent..")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.lang.Thread")
        .check(PRODUCT);
  }

  @Test
  void theAnswerPathUsesNoStreamsFormatsOrPatterns() {
    classes()
        .that()
        .haveFullyQualifiedName("gslb.dns.Responder")
        .or()
        .haveFullyQualifiedName("gslb.zones.FlatZone")
        .or()
        .haveFullyQualifiedName("gslb.zones.NameView")
        .or()
        .haveFullyQualifiedName("gslb.steering.SteeringPlan")
        .or()
        .haveFullyQualifiedName("gslb.steering.places.Partition")
        .should()
        .onlyDependOnClassesThat()
        .resideOutsideOfPackages(
            "java.util.stream..", "java.util.regex..", "java.util.function..", "java.text..")
        .check(PRODUCT);
  }

  @Test
  void typesAreNotNamedAfterNothing() {
    assertThat(PRODUCT)
        .filteredOn(c -> !c.isAnonymousClass())
        .extracting(c -> c.getSimpleName())
        .noneMatch(n -> n.matches(".*(Manager|Helper|Util|Utils|Impl)"));
  }

  @Test
  void enumsAndRecordsAreTheOnlyPublicFieldsButForThreadOwnedResults() {
    assertThat(PRODUCT)
        .flatExtracting(c -> List.copyOf(c.getFields()))
        .filteredOn(
            f ->
                f.getModifiers().contains(JavaModifier.PUBLIC)
                    && !f.getModifiers().contains(JavaModifier.FINAL))
        .extracting(f -> f.getOwner().getSimpleName())
        .isSubsetOf("Selection", "NameMatch", "QueryContext", "ProxyHeader");
  }
}
