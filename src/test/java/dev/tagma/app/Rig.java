package dev.tagma.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.app.engine.GatewayEngine;
import dev.tagma.gateway.GatewaySettings;
import dev.tagma.gateway.GatewayStores;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.NewMission;
import dev.tagma.mission.Phase;
import dev.tagma.mission.Step;
import dev.tagma.mission.StepKind;
import dev.tagma.mission.step.StepCodec;
import dev.tagma.mission.step.StepContent;
import dev.tagma.store.DatabaseSettings;
import dev.tagma.store.PostgresStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Whole systems on one Postgres, several of them as if they were processes, with stores that a test may trouble. */
final class Rig implements AutoCloseable {
    private final DatabaseSettings database;
    private final Resources resources;
    private final List<EmbeddedSystem> systems = Collections.synchronizedList(new ArrayList<>());
    private int submitted;
    private final PostgresStore observer;

    Rig(DatabaseSettings database, String yaml) {
        this.database = database;
        this.resources = TestResources.of(yaml);
        this.observer = PostgresStore.open(database);
    }

    /** One more system, which runs what is queued from now on. */
    EmbeddedSystem system(String name) {
        return system(name, UnaryOperator.identity());
    }

    /** The same, over ports that {@code trouble} has laid hands on. */
    EmbeddedSystem system(String name, UnaryOperator<GatewayStores> trouble) {
        PostgresStore store = PostgresStore.open(database);
        GatewayStores ports = new GatewayStores(
                store.steps(),
                store.missions(),
                store.pools(),
                store.instances(),
                store.bindings(),
                store.calls(),
                store.hints());
        EmbeddedSystem system = new EmbeddedSystem(
                resources, null, new Engines(trouble.apply(ports), store::close, resources, GatewaySettings.of(name)));
        systems.add(system);
        return system;
    }

    /** What the manifests declare. */
    Resources resources() {
        return resources;
    }

    DatabaseSettings database() {
        return database;
    }

    /** Admits the missions of the manifests at a replica to which no runtime is connected. */
    List<MissionRecord> admit() {
        PostgresStore store = PostgresStore.open(database);
        EmbeddedSystem door = new EmbeddedSystem(
                resources,
                0,
                new Engines(GatewayEngine.stores(store), store::close, resources, GatewaySettings.of("door")));
        systems.add(door);
        return submit(door);
    }

    /** Runs the missions of the manifests on {@code system}. */
    List<MissionRecord> submit(EmbeddedSystem system) {
        List<NewMission> prepared = system.prepare();
        submitted = prepared.size();
        return system.submit(prepared);
    }

    PostgresStore observer() {
        return observer;
    }

    List<MissionRecord> missions() {
        return observer.missions().changes(0, 10_000);
    }

    MissionRecord mission() {
        return missions().getFirst();
    }

    List<Step> steps(MissionRecord mission) {
        return observer.steps().read(mission.id(), 0, 100_000);
    }

    <T extends StepContent> List<T> contents(MissionRecord mission, Class<T> type) {
        return steps(mission).stream()
                .map(step -> StepCodec.decode(step.kind(), step.content()))
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    long count(MissionRecord mission, StepKind kind) {
        return steps(mission).stream().filter(step -> step.kind() == kind).count();
    }

    /** Waits until every mission has ended, and expects success. */
    List<MissionRecord> succeed(Duration patience) {
        await(patience, () -> {
            List<MissionRecord> missions = missions();
            // the feed of changes may be a moment behind what was submitted
            return !missions.isEmpty()
                    && missions.size() >= submitted
                    && missions.stream().allMatch(mission -> mission.phase().terminal());
        });
        assertThat(missions())
                .allSatisfy(mission ->
                        assertThat(mission.phase()).as(mission.toString()).isEqualTo(Phase.Succeeded));
        return missions();
    }

    void await(Duration patience, Callable<Boolean> condition) {
        waiting(patience).until(condition);
    }

    static ConditionFactory waiting(Duration patience) {
        return Awaitility.await()
                .atMost(patience)
                .pollInterval(Duration.ofMillis(25))
                .ignoreExceptions();
    }

    /** Waits until the embedded Postgres of a directory has stopped: after a visitor it does so by itself. */
    static void awaitStopped(Path data) {
        waiting(Duration.ofSeconds(60)).until(() -> Files.notExists(data.resolve("postgres/postmaster.pid")));
    }

    /** Ends the systems that run so far. */
    void closeSystems() {
        systems.forEach(EmbeddedSystem::close);
        systems.clear();
    }

    @Override
    public void close() {
        closeSystems();
        observer.close();
    }
}
