package dev.tagma.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.api.v1alpha1.AgentPoolSpec;
import dev.tagma.api.v1alpha1.MissionSpec;
import dev.tagma.dispatch.Bindings.Binding;
import dev.tagma.mission.Append;
import dev.tagma.mission.Claim;
import dev.tagma.mission.Head;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.MissionStore.Release;
import dev.tagma.mission.NewMission;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.Reason;
import dev.tagma.mission.Step;
import dev.tagma.mission.link.Hello;
import dev.tagma.mission.link.Load;
import dev.tagma.registry.InstanceRegistry.Beat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Postgres and memory get the same random changes and answer the same. Time moves in steps that keep clear of every limit by more than
 * the test takes.
 */
class StoreTwinsIT {
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration STEP = Duration.ofSeconds(67);
    private static final AgentPoolSpec POOL =
            new AgentPoolSpec(null, List.of(), List.of(), List.of(), 1, null, null, null, null);
    private static final List<UUID> PODS = List.of(UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID());

    /** One store and what its missions look like from outside: epochs, versions and times differ, everything else must not. */
    private record Twin(StoreFixture store) {
        record Seen(
                Reason reason,
                String message,
                long instance,
                long seq,
                int attempts,
                int crashes,
                int failovers,
                int revision) {}

        Seen seen(UUID uid) {
            MissionRecord r = store.missions().find(uid).orElseThrow();
            return new Seen(
                    r.reason(),
                    r.message(),
                    r.instance(),
                    r.head().seq(),
                    r.attempts(),
                    r.crashes(),
                    r.failovers().size(),
                    r.revision());
        }

        Claim claim(UUID uid) {
            return store.missions().find(uid).orElseThrow().claim();
        }

        List<UUID> bind(long instance, int limit) {
            return store.bindings().bind(instance, limit).stream()
                    .map(Binding::claim)
                    .map(Claim::uid)
                    .toList();
        }

        /** Commits a step on the chain's end, or ends the mission; whoever does not own it is refused. */
        Object write(UUID uid, Outcome finish) {
            Claim claim = claim(uid);
            if (store.missions().find(uid).orElseThrow().instance() == 0) {
                return "nobody's";
            }
            List<Step> steps = store.steps().read(claim.mission(), 0, 1000);
            Head base = steps.isEmpty() ? Head.genesis(uid) : steps.getLast().head();
            return store.steps()
                    .commit(new Append(claim, base, List.of(StoreContract.step("s" + base.seq())), finish))
                    .getClass();
        }
    }

    private final UUID pool = UUID.randomUUID();
    private final List<UUID> missions = new ArrayList<>();
    private final List<Long> instances = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void answerTheSame(long seed) {
        try (StoreFixture postgres = new JdbcStoreFixture();
                StoreFixture memory = new InMemoryFixture()) {
            List<Twin> twins = List.of(new Twin(postgres), new Twin(memory));
            both(
                    twins,
                    twin -> twin.store
                            .pools()
                            .publish(pool, "platform", "analysts", POOL, Map.of())
                            .revision());
            Random random = new Random(seed);
            for (int i = 0; i < 150; i++) {
                change(twins, random);
            }
            for (UUID mission : missions) {
                both(twins, twin -> twin.seen(mission));
            }
        }
    }

    private static <T> T both(List<Twin> twins, Function<Twin, T> change) {
        T first = change.apply(twins.getFirst());
        assertThat(change.apply(twins.getLast())).as("memory, as Postgres").isEqualTo(first);
        return first;
    }

    private void change(List<Twin> twins, Random random) {
        if (instances.isEmpty() || missions.isEmpty() || random.nextInt(10) == 0) {
            UUID pod = random.nextInt(3) == 0 ? null : PODS.get(random.nextInt(PODS.size()));
            Hello hello = new Hello(pool, "pod-" + instances.size(), pod, 1 + random.nextInt(3), "test", 0);
            Hello said = instances.isEmpty() || random.nextBoolean()
                    ? hello
                    : hello.after(instances.get(random.nextInt(instances.size())));
            instances.add(both(twins, twin -> twin.store.instances().register(said, LEASE)));
            admit(twins, random);
            return;
        }
        UUID uid = missions.get(random.nextInt(missions.size()));
        long instance = instances.get(random.nextInt(instances.size()));
        switch (random.nextInt(13)) {
            case 0 -> admit(twins, random);
            case 1, 2, 3 -> both(twins, twin -> twin.bind(instance, 3));
            case 4, 5 -> both(twins, twin -> twin.write(uid, null));
            case 6 -> both(twins, twin -> twin.write(uid, Outcome.succeeded("done", null)));
            case 7 -> {
                Release release = release(random);
                both(twins, twin -> twin.store.missions().release(twin.claim(uid), release));
            }
            case 8 -> both(twins, twin -> twin.store.missions().suspend(uid));
            case 9 -> both(twins, twin -> twin.store.missions().resume(uid));
            case 10 -> {
                List<Beat> beats = instances.stream()
                        .filter(each -> random.nextInt(3) > 0)
                        .map(each -> new Beat(each, random.nextInt(6) == 0, Load.UNKNOWN))
                        .toList();
                both(twins, twin -> twin.store.instances().heartbeat(beats, LEASE));
            }
            case 11 -> pass(twins, random);
            default -> {
                if (random.nextInt(3) == 0) {
                    both(twins, twin -> twin.store.missions().cancel(uid, "enough"));
                } else {
                    twins.forEach(twin -> twin.store.instances().deregister(instance));
                }
            }
        }
        both(twins, twin -> twin.store.bindings().pending());
        both(twins, twin -> twin.store.instances().live(pool));
    }

    /** Time passes; some instances' heartbeats come through before anybody looks. */
    private void pass(List<Twin> twins, Random random) {
        twins.forEach(twin -> twin.store.advance(STEP));
        List<Beat> beats = instances.stream()
                .filter(each -> random.nextBoolean())
                .map(each -> new Beat(each, false, Load.UNKNOWN))
                .toList();
        both(twins, twin -> twin.store.instances().heartbeat(beats, LEASE));
        both(twins, twin -> twin.store.bindings().takeOver());
        both(twins, twin -> twin.store.bindings().sweep());
    }

    private void admit(List<Twin> twins, Random random) {
        List<NewMission> batch = new ArrayList<>();
        for (int i = random.nextInt(6); i >= 0; i--) {
            UUID uid = new UUID(random.nextLong(), random.nextLong());
            missions.add(uid);
            batch.add(new NewMission(uid, "ns-" + random.nextInt(3), "m", pool, spec(random)));
        }
        both(
                twins,
                twin -> twin.store.missions().admit(batch).stream()
                        .map(MissionRecord::reason)
                        .toList());
    }

    private static MissionSpec spec(Random random) {
        return new MissionSpec(
                null,
                null,
                "Add two and two.",
                null,
                null,
                null,
                10,
                random.nextBoolean() ? "5m" : "2h",
                random.nextInt(4) == 0 ? "100s" : null,
                random.nextInt(2),
                null,
                null,
                random.nextInt(8) == 0,
                false,
                random.nextBoolean() ? new MissionSpec.Retention("170s") : null);
    }

    private static Release release(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> new Release.HandBack();
            case 1 -> new Release.Retry(Reason.ModelFailed, "once more", Duration.ofSeconds(30));
            case 2 -> new Release.Park(Reason.ProviderUnavailable, "down", Duration.ofSeconds(20));
            default -> new Release.Park(Reason.OutcomeUnknown, "paid?", null);
        };
    }
}
