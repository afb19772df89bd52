package dev.tagma.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.mission.ChainVerifier;
import dev.tagma.mission.CommitResult;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.NewStep;
import dev.tagma.mission.Phase;
import dev.tagma.mission.Reason;
import dev.tagma.mission.Resolution;
import dev.tagma.mission.StepKind;
import dev.tagma.mission.step.StepContent.Observation;
import dev.tagma.mission.step.StepContent.ToolStarted;
import dev.tagma.store.TestPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Owners that slept through a takeover and wake up as if nothing had happened. */
class ZombieIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String ONE_PAYMENT = """
            - when: {turn: 0}
              reply: {toolCalls: [{tool: pay, arguments: {turn: 1}}]}
            - reply: {text: "done"}
            """;
    private static final String MISSION = Manifests.mission("m", "{goal: Pay once., timeout: 10m}");

    @TempDir
    private Path directory;

    @Test
    void nonIdempotentZombieWakes() throws Exception {
        Frozen frozen = new Frozen(append -> kinds(append.steps()).contains(StepKind.Observation));
        try (Witness witness = new Witness(directory.resolve("witness"), Duration.ZERO);
                Rig rig = rig(witness, "sideEffects: NonIdempotent")) {
            MissionRecord ended = takenOverAndWoken(rig, frozen);

            assertThat(witness.calls()).as("the zombie's call is the only one").hasSize(1);
            assertThat(rig.contents(ended, Observation.class))
                    .extracting(Observation::result)
                    .containsExactly(Observation.Result.Unknown);
            assertThat(ended.failovers()).hasSize(1);
            assertThat(new ChainVerifier(rig.observer().steps()).verify(ended, List.of()))
                    .isInstanceOf(ChainVerifier.Verdict.Intact.class);
        }
    }

    @Test
    void anIdempotentCallIsRepeatedUnderTheSameKey() throws Exception {
        Frozen frozen = new Frozen(append -> kinds(append.steps()).contains(StepKind.Observation));
        try (Witness witness = new Witness(directory.resolve("witness"), Duration.ZERO);
                Rig rig = rig(witness, "sideEffects: Idempotent")) {
            MissionRecord ended = takenOverAndWoken(rig, frozen);

            assertThat(witness.calls())
                    .hasSize(2)
                    .extracting(Witness.Call::key)
                    .containsOnly(witness.calls().getFirst().key());
            assertThat(rig.contents(ended, Observation.class))
                    .extracting(Observation::result)
                    .containsExactly(Observation.Result.Ok);
        }
    }

    @Test
    void aStaleOwnerStoresNothingAfterTheTakeover() throws Exception {
        Frozen frozen = new Frozen(append -> kinds(append.steps()).contains(StepKind.ToolStarted));
        try (Witness witness = new Witness(directory.resolve("witness"), Duration.ZERO);
                Rig rig = rig(witness, "sideEffects: NonIdempotent")) {
            MissionRecord ended = takenOverAndWoken(rig, frozen);

            assertThat(witness.calls())
                    .as("only the heir got as far as the call")
                    .hasSize(1);
            assertThat(rig.contents(ended, Observation.class))
                    .extracting(Observation::result)
                    .containsExactly(Observation.Result.Ok);
            assertThat(rig.steps(ended).stream().skip(1))
                    .allSatisfy(step -> assertThat(step.epoch())
                            .isGreaterThan(rig.steps(ended).getFirst().epoch()));
        }
    }

    @Test
    void anUnknownOutcomeWaitsForAPersonWhereTheToolSaysSo() throws Exception {
        Frozen frozen = new Frozen(append -> kinds(append.steps()).contains(StepKind.Observation));
        try (Witness witness = new Witness(directory.resolve("witness"), Duration.ZERO);
                Rig rig = rig(witness, "{sideEffects: NonIdempotent, onUnknownOutcome: Wait}")) {
            takenOver(rig, frozen);
            rig.await(PATIENCE, () -> rig.mission().reason() == Reason.OutcomeUnknown);
            frozen.thawCommits();
            frozen.thawHeartbeats();
            assertThat(rig.mission().phase()).isEqualTo(Phase.Waiting);
            assertThat(rig.mission().instance()).as("it gives its slot back").isZero();
            assertThat(rig.mission().message()).contains("pay");

            Resolution resolution =
                    new Resolution(rig.observer().steps(), rig.observer().missions());
            ToolStarted open = resolution.open(rig.mission()).getFirst();
            assertThat(resolution.resolve(rig.mission().uid(), open, true, "Paid, number 4711."))
                    .isTrue();
            MissionRecord ended = rig.succeed(PATIENCE).getFirst();
            assertThat(rig.contents(ended, Observation.class))
                    .extracting(Observation::output)
                    .containsExactly("Paid, number 4711.");
            assertThat(resolution.resolve(ended.uid(), open, true, "again")).isFalse();
            assertThat(witness.calls()).hasSize(1);
        }
    }

    /** Halts the owner at its commit and lets another system take over. */
    private static void takenOver(Rig rig, Frozen frozen) {
        rig.submit(rig.system("zombie", frozen::over));
        rig.await(PATIENCE, frozen::reached);
        frozen.silence();
        rig.system("heir").submit(List.of());
    }

    /** The same, and once the heir has ended the mission the former owner wakes: it is fenced. */
    private static MissionRecord takenOverAndWoken(Rig rig, Frozen frozen) {
        takenOver(rig, frozen);
        MissionRecord ended = rig.succeed(PATIENCE).getFirst();
        frozen.thawCommits();
        rig.await(PATIENCE, () -> frozen.results().getLast() instanceof CommitResult.Fenced);
        frozen.thawHeartbeats();
        return ended;
    }

    private static List<StepKind> kinds(List<NewStep> steps) {
        return steps.stream().map(NewStep::kind).toList();
    }

    private static Rig rig(Witness witness, String effects) {
        String more = effects.startsWith("{")
                ? effects.substring(1, effects.length() - 1).replace(", ", "\n  ")
                : effects;
        return new Rig(
                TestPostgres.shared().fresh(),
                Manifests.pool(ONE_PAYMENT, Manifests.witnessed("pay", witness, "POST", more), "pay") + MISSION);
    }
}
