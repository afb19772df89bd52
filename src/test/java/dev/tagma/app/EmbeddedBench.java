package dev.tagma.app;

import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.NewMission;
import dev.tagma.mission.Phase;
import dev.tagma.store.DatabaseSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/** The whole system under load, in this process: missions of three steps (reply, observation, answer) with the Scripted provider. */
public final class EmbeddedBench implements AutoCloseable {
    private static final String POOL = """
            kind: ConfigMap
            metadata: {name: script}
            data:
              script: |
                %s
                rules:
                - when: {turn: 0}
                  reply: {toolCalls: [{tool: calculator, arguments: {expression: "0.1 + 0.2"}}]}
                - reply: {text: "The sum is {{result.calculator}}."}
            ---
            kind: ModelProvider
            metadata: {name: scripted}
            spec: {type: Scripted, script: {configMapKeyRef: {name: script, key: script}}}
            ---
            kind: AgentPool
            metadata: {name: default}
            spec:
              replicas: 1
              runtime: {missionsPerPod: %d}
              models: [{name: primary, providerRef: {name: scripted}, model: any}]
              agents: [{name: adder, instructions: Add., models: [primary], tools: [calculator]}]
              tools: [{name: calculator, builtin: Calculator}]
            ---
            kind: Mission
            metadata: {name: pattern}
            spec: {goal: "Add 0.1 and 0.2.", timeout: 60m}
            """;

    private final RunningSystem system;
    private final NewMission pattern;
    private int made;

    /** A system of one instance with so many slots; {@code latency} such as {@code "latency: 10m"}, or empty. */
    public EmbeddedBench(DatabaseSettings database, int slots, String latency) {
        this.system = EmbeddedSystem.start(new RunningSystem.Settings(
                new DatabaseAddress(
                        database.url(), database.user(), database.password() == null ? "" : database.password()),
                TestResources.of(POOL.formatted(latency, slots)),
                null));
        this.pattern = system.prepare().getFirst();
        system.submit(List.of());
    }

    /** New missions, of which nothing is stored yet. */
    public List<NewMission> missions(int count) {
        List<NewMission> missions = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            missions.add(new NewMission(
                    UUID.randomUUID(), pattern.namespace(), "m" + made++, pattern.pool(), pattern.spec()));
        }
        return missions;
    }

    /** Submits all at once and waits until the last has ended; nanoseconds. Throws where one did not succeed. */
    public long run(List<NewMission> missions) {
        long begun = System.nanoTime();
        long version = system.submit(missions).stream()
                .mapToLong(MissionRecord::version)
                .min()
                .orElseThrow();
        Set<UUID> ended = HashSet.newHashSet(missions.size());
        version--;
        while (ended.size() < missions.size()) {
            LockSupport.parkNanos(50_000_000);
            for (MissionRecord mission : system.missions().changes(version, 5_000)) {
                version = mission.version();
                if (mission.phase().terminal() && mission.phase() != Phase.Succeeded) {
                    throw new IllegalStateException("a mission of the benchmark failed: " + mission);
                }
                if (mission.phase().terminal()) {
                    ended.add(mission.uid());
                }
            }
        }
        return System.nanoTime() - begun;
    }

    /** Submits all and waits until every one runs. */
    public void runAll(List<NewMission> missions) {
        long version = system.submit(missions).stream()
                        .mapToLong(MissionRecord::version)
                        .min()
                        .orElseThrow()
                - 1;
        Set<UUID> running = HashSet.newHashSet(missions.size());
        while (running.size() < missions.size()) {
            LockSupport.parkNanos(50_000_000);
            for (MissionRecord mission : system.missions().changes(version, 5_000)) {
                version = mission.version();
                if (mission.phase() == Phase.Running) {
                    running.add(mission.uid());
                }
            }
        }
    }

    /** Runs missions one after the other; the time from admission to the end of each by the database's clock, sorted, nanoseconds. */
    public long[] serially(int count) {
        long[] nanos = new long[count];
        for (int i = 0; i < count; i++) {
            UUID uid = system.submit(missions(1)).getFirst().uid();
            MissionRecord ended = awaitEnd(uid);
            nanos[i] = Duration.between(ended.admittedAt(), ended.finishedAt()).toNanos();
        }
        Arrays.sort(nanos);
        return nanos;
    }

    private MissionRecord awaitEnd(UUID uid) {
        while (true) {
            MissionRecord mission = system.missions().find(uid).orElseThrow();
            if (mission.phase() == Phase.Succeeded) {
                return mission;
            }
            if (mission.phase().terminal()) {
                throw new IllegalStateException("a mission of the benchmark failed: " + mission);
            }
            LockSupport.parkNanos(500_000);
        }
    }

    @Override
    public void close() {
        system.close();
    }
}
