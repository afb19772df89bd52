package dev.tagma.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.mission.ChainVerifier;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.Phase;
import dev.tagma.mission.Step;
import dev.tagma.mission.StepKind;
import dev.tagma.mission.step.StepCodec;
import dev.tagma.mission.step.StepContent.Observation;
import dev.tagma.store.PostgresStore;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Compares what a witness saw with what the missions say that they did: nothing that was committed was executed again, no payment began
 * twice, nothing was executed that no mission asked for.
 */
public final class WitnessedRuns {
    /** The witness's tool that is declared NonIdempotent. */
    public static final String PAY = "pay";

    private static final int ALL = 100_000;

    private final PostgresStore stores;
    private final Map<String, List<Witness.Call>> byKey;
    private final String about;
    private final Predicate<Instant> delayed;
    private final Set<String> asked = new HashSet<>();
    private int observations;
    private int unknown;

    private WitnessedRuns(PostgresStore stores, List<Witness.Call> calls, String about, Predicate<Instant> delayed) {
        this.stores = stores;
        this.delayed = delayed;
        this.byKey = calls.stream().collect(Collectors.groupingBy(Witness.Call::key));
        this.about = about;
    }

    /** What the missions did: the observations that they have, and the payments among them whose outcome was unknown. */
    public record Tally(int observations, int unknown) {}

    /** Fails, with {@code about} in the message, where missions and calls do not agree. */
    public static Tally check(
            PostgresStore stores, List<MissionRecord> missions, List<Witness.Call> calls, String about) {
        return check(stores, missions, calls, about, at -> false);
    }

    /**
     * The same where a network delivers late what was sent before it was cut: an idempotent call that comes in {@code delayed} moments may be
     * one whose outcome another owner has committed meanwhile, under the same key.
     */
    public static Tally check(
            PostgresStore stores,
            List<MissionRecord> missions,
            List<Witness.Call> calls,
            String about,
            Predicate<Instant> delayed) {
        WitnessedRuns runs = new WitnessedRuns(stores, calls, about, delayed);
        missions.forEach(runs::check);
        assertThat(runs.byKey.keySet())
                .as(() -> about + ": calls of replies that are not in the log")
                .isSubsetOf(runs.asked);
        return new Tally(runs.observations, runs.unknown);
    }

    private void check(MissionRecord mission) {
        assertThat(mission.phase()).as(() -> about + " " + mission).isEqualTo(Phase.Succeeded);
        Map<Long, Step> replies = new HashMap<>();
        for (Step step : stores.steps().read(mission.id(), 0, ALL)) {
            if (step.kind() == StepKind.ModelReply) {
                replies.put(step.seq(), step);
            } else if (step.kind() == StepKind.Observation) {
                Observation observation = (Observation) StepCodec.decode(step.kind(), step.content());
                check(
                        step,
                        observation,
                        mission.uid() + "/"
                                + replies.get(observation.reply()).digest().hex() + "/" + observation.callId());
            }
        }
        assertThat(new ChainVerifier(stores.steps()).verify(mission, List.of()))
                .as(() -> about + " " + mission)
                .isInstanceOf(ChainVerifier.Verdict.Intact.class);
    }

    private void check(Step step, Observation observation, String key) {
        observations++;
        asked.add(key);
        List<Witness.Call> made = byKey.getOrDefault(key, List.of());
        if (observation.tool().equals(PAY)) {
            unknown += observation.result() == Observation.Result.Unknown ? 1 : 0;
            assertThat(made).as(() -> about + ": calls of pay under " + key).hasSizeLessThanOrEqualTo(1);
        }
        if (observation.result() == Observation.Result.Ok) {
            assertThat(made).as(() -> about + ": calls under " + key).isNotEmpty();
        }
        assertThat(made)
                .as(() -> about + ": executed after it was committed, under " + key)
                .allMatch(call -> !call.at().isAfter(step.committedAt())
                        || !observation.tool().equals(PAY) && delayed.test(call.at()));
    }
}
