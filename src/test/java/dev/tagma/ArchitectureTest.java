package dev.tagma;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The rooms and their arrows, as docs/architecture.md draws them. */
@AnalyzeClasses(packages = "dev.tagma", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String API = "dev.tagma.api..";
    private static final String CATALOG = "dev.tagma.catalog..";
    private static final String WIRE = "dev.tagma.wire..";
    private static final String ROUNDS = "dev.tagma.rounds";
    private static final String[] ENGINES = {
        "dev.tagma.mission..",
        "dev.tagma.agent..",
        "dev.tagma.model",
        "dev.tagma.dispatch..",
        "dev.tagma.registry..",
        ROUNDS
    };
    private static final String[] FRAMEWORKS = {
        "io.fabric8..",
        "io.javaoperatorsdk..",
        "io.quarkus..",
        "jakarta.ws..",
        "jakarta.inject..",
        "jakarta.enterprise..",
        "io.grpc..",
        "io.micrometer..",
        "java.sql..",
        "javax.sql.."
    };

    @ArchTest
    static final ArchRule enginesKnowNoFramework =
            noClasses().that().resideInAnyPackage(ENGINES).should().dependOnClassesThat(resideInAnyPackage(FRAMEWORKS));

    @ArchTest
    static final ArchRule sqlLivesInTheStoreAlone = noClasses()
            .that()
            .resideOutsideOfPackage("dev.tagma.store..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("java.sql..", "javax.sql..", "org.postgresql..", "io.agroal.."));

    @ArchTest
    static final ArchRule apiUsesNothingOfOurs = only(API, API);

    @ArchTest
    static final ArchRule roundsUseNothingOfOurs = only(ROUNDS, ROUNDS);

    @ArchTest
    static final ArchRule missionUsesTheApi = only("dev.tagma.mission..", "dev.tagma.mission..", API);

    @ArchTest
    static final ArchRule agentUsesMission = only("dev.tagma.agent..", "dev.tagma.agent..", "dev.tagma.mission..", API);

    @ArchTest
    static final ArchRule modelUsesMission = only("dev.tagma.model..", "dev.tagma.model..", "dev.tagma.mission..", API);

    @ArchTest
    static final ArchRule registryUsesMission =
            only("dev.tagma.registry..", "dev.tagma.registry..", "dev.tagma.mission..", API);

    @ArchTest
    static final ArchRule dispatchUsesRegistry =
            only("dev.tagma.dispatch..", "dev.tagma.dispatch..", "dev.tagma.registry..", "dev.tagma.mission..", API);

    @ArchTest
    static final ArchRule runtimeUsesAgent =
            only("dev.tagma.runtime..", "dev.tagma.runtime..", "dev.tagma.agent..", "dev.tagma.mission..", WIRE, API);

    @ArchTest
    static final ArchRule wireUsesMission = only(WIRE, WIRE, "dev.tagma.mission..", API);

    @ArchTest
    static final ArchRule catalogUsesMission = only(CATALOG, CATALOG, "dev.tagma.mission..", API);

    @ArchTest
    static final ArchRule operatorUsesEngines = only(
            "dev.tagma.operator..",
            "dev.tagma.operator..",
            "dev.tagma.agent..",
            "dev.tagma.model..",
            "dev.tagma.dispatch..",
            "dev.tagma.registry..",
            "dev.tagma.mission..",
            CATALOG,
            ROUNDS,
            API);

    @ArchTest
    static final ArchRule storeUsesThePorts = only(
            "dev.tagma.store..",
            "dev.tagma.store..",
            "dev.tagma.dispatch",
            "dev.tagma.registry",
            "dev.tagma.model",
            "dev.tagma.mission..",
            API);

    @ArchTest
    static final ArchRule gatewayUsesEngines = only(
            "dev.tagma.gateway..",
            "dev.tagma.gateway..",
            CATALOG,
            ROUNDS,
            WIRE,
            "dev.tagma.agent..",
            "dev.tagma.model..",
            "dev.tagma.dispatch..",
            "dev.tagma.registry..",
            "dev.tagma.mission..",
            API);

    @ArchTest
    static final ArchRule restsEdgeKnowsNoResource = only(
            "dev.tagma.gateway.rest.http",
            "dev.tagma.gateway.rest.http",
            "dev.tagma.gateway.access",
            "dev.tagma.mission",
            API);

    @ArchTest
    static final ArchRule restsResourcesUseItsEdge = only(
            "dev.tagma.gateway.rest.resource",
            "dev.tagma.gateway.rest.resource",
            "dev.tagma.gateway.rest.http",
            "dev.tagma.gateway.access",
            "dev.tagma.mission",
            API);

    @ArchTest
    static final ArchRule restsEventsUseItsResources = only(
            "dev.tagma.gateway.rest.event",
            "dev.tagma.gateway.rest.event",
            "dev.tagma.gateway.rest.resource",
            "dev.tagma.gateway.rest.http",
            "dev.tagma.gateway.access",
            "dev.tagma.gateway",
            "dev.tagma.model",
            "dev.tagma.mission",
            ROUNDS,
            API);

    @ArchTest
    static final ArchRule manifestUsesTheApi = only("dev.tagma.manifest..", "dev.tagma.manifest..", API);

    @ArchTest
    static final ArchRule noRoomGoesInCircles =
            slices().matching("dev.tagma.(*)..").should().beFreeOfCycles();

    private static ArchRule only(String room, String... allowed) {
        DescribedPredicate<JavaClass> ours = resideInAnyPackage("dev.tagma..");
        DescribedPredicate<JavaClass> elsewhere =
                ours.and(DescribedPredicate.not(resideInAnyPackage(allowed))).as("rooms of ours that it may not use");
        return noClasses()
                .that()
                .resideInAPackage(room)
                .should()
                .dependOnClassesThat(elsewhere)
                .allowEmptyShould(true);
    }
}
