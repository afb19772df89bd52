package dev.tagma.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.app.GrpcFleet.Pod;
import dev.tagma.app.GrpcFleet.Replica;
import dev.tagma.dispatch.Bindings;
import dev.tagma.dispatch.Dispatcher;
import dev.tagma.mission.ChainVerifier;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.StepKind;
import dev.tagma.mission.link.Load;
import dev.tagma.mission.step.Failover;
import dev.tagma.mission.step.StepContent.Observation;
import dev.tagma.runtime.RuntimeInstance;
import dev.tagma.store.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runtimes whose gateways go away, or whom they do not hear. */
class ReplicasIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int TURNS = 5;

    @TempDir
    private Path directory;

    static String missions(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> Manifests.mission("m" + i, "{goal: Pay., timeout: 10m, maxIterations: 20}"))
                .collect(Collectors.joining());
    }

    private Witness witness() throws IOException {
        return new Witness(directory.resolve("witness"), Duration.ofMillis(20));
    }

    private GrpcFleet fleet(Witness witness, int missions) {
        return fleet(Manifests.payments(witness, TURNS) + missions(missions));
    }

    private GrpcFleet fleet(String yaml) {
        return new GrpcFleet(new Rig(TestPostgres.shared().fresh(), yaml), directory);
    }

    /** Every call of every turn is observed once, and none was begun twice. */
    private static void complete(GrpcFleet fleet, Witness witness) throws IOException {
        assertThat(witness.calls()).extracting(Witness.Call::key).doesNotHaveDuplicates();
        for (MissionRecord mission : fleet.rig().missions()) {
            assertThat(fleet.rig().contents(mission, Observation.class)).hasSize(TURNS);
            assertThat(fleet.rig().count(mission, StepKind.ModelReply)).isEqualTo(TURNS + 1);
            assertThat(new ChainVerifier(fleet.rig().observer().steps()).verify(mission, List.of()))
                    .isInstanceOf(ChainVerifier.Verdict.Intact.class);
        }
    }

    private static boolean halfway(Witness witness, int missions) throws IOException {
        return witness.calls().size() > missions * TURNS / 3;
    }

    @Test
    void theRuntimeGoesOnAtAnotherReplicaWhereItsOwnCloses() throws Exception {
        int missions = 20;
        try (Witness witness = witness();
                GrpcFleet fleet = fleet(witness, missions)) {
            AtomicInteger shortened = new AtomicInteger();
            Replica first = fleet.countingReplica("first", shortened);
            Replica second = fleet.replica("second");
            RuntimeInstance runtime = fleet.runtime(fleet.pod("pod"), missions, first, second);
            long instance = runtime.instance();
            fleet.rig().admit();
            fleet.rig().await(PATIENCE, () -> halfway(witness, missions));

            first.server().close();
            first.engine().close();

            List<MissionRecord> ended = fleet.rig().succeed(PATIENCE);
            assertThat(runtime.instance()).isEqualTo(instance);
            assertThat(ended)
                    .allSatisfy(mission -> assertThat(mission.failovers()).isEmpty());
            assertThat(witness.calls()).hasSize(missions * TURNS);
            assertThat(shortened).hasValue(0);
            complete(fleet, witness);
        }
    }

    @Test
    void aReplicaThatIsCutOffCommitsWhatItPerformedAndBeginsNothingTwice() throws Exception {
        int missions = 20;
        try (Witness witness = witness();
                GrpcFleet fleet = fleet(witness, missions)) {
            Replica first = fleet.replica("first");
            Replica second = fleet.replica("second");
            RuntimeInstance runtime = fleet.runtime(fleet.pod("pod"), missions, first, second);
            long instance = runtime.instance();
            fleet.rig().admit();
            fleet.rig().await(PATIENCE, () -> halfway(witness, missions));

            first.wire().cut();

            List<MissionRecord> ended = fleet.rig().succeed(PATIENCE);
            assertThat(runtime.instance()).isEqualTo(instance);
            assertThat(ended)
                    .allSatisfy(mission -> assertThat(mission.failovers()).isEmpty());
            complete(fleet, witness);
        }
    }

    @Test
    void aJoltOfTheWireCostsNothing() throws Exception {
        int missions = 20;
        try (Witness witness = witness();
                GrpcFleet fleet = fleet(witness, missions)) {
            Replica only = fleet.replica("only");
            RuntimeInstance runtime = fleet.runtime(fleet.pod("pod"), missions, only);
            long instance = runtime.instance();
            fleet.rig().admit();
            fleet.rig().await(PATIENCE, () -> halfway(witness, missions));

            only.wire().jolt();

            List<MissionRecord> ended = fleet.rig().succeed(PATIENCE);
            assertThat(runtime.instance()).isEqualTo(instance);
            assertThat(ended)
                    .allSatisfy(mission -> assertThat(mission.failovers()).isEmpty());
            assertThat(ended.stream()
                            .flatMap(mission -> fleet.rig().contents(mission, Observation.class).stream())
                            .map(Observation::result))
                    .as("the calls in flight went on, and were joined")
                    .containsOnly(Observation.Result.Ok);
            assertThat(witness.calls()).hasSize(missions * TURNS);
            complete(fleet, witness);
        }
    }

    @Test
    void aRuntimeWhoseLineBreaksAndThatDoesNotComeBackIsMissedLongBeforeItsLeaseLapses() throws Exception {
        int missions = 10;
        try (Witness witness = witness();
                GrpcFleet fleet = fleet(witness, missions)) {
            Replica first = fleet.patientReplica("first");
            fleet.runtime(fleet.pod("gone"), missions, first);
            witness.hold();
            fleet.rig().admit();
            fleet.rig().await(PATIENCE, () -> witness.calls().size() == missions);
            fleet.runtime(fleet.pod("heir"), missions, fleet.patientReplica("second"));

            first.wire().cut();
            fleet.rig()
                    .await(
                            PATIENCE.dividedBy(2),
                            () -> fleet.rig().missions().stream()
                                    .allMatch(mission -> !mission.failovers().isEmpty()));

            witness.release();
            fleet.rig().succeed(PATIENCE);
            complete(fleet, witness);
        }
    }

    @Test
    void aRuntimeThatWasPartitionedPastItsLeaseIsFencedAndSaysHelloAnew() throws Exception {
        int missions = 10;
        try (Witness witness = witness();
                GrpcFleet fleet = fleet(witness, missions)) {
            Replica only = fleet.replica("only");
            RuntimeInstance runtime = fleet.runtime(fleet.pod("pod"), missions, only);
            long instance = runtime.instance();
            fleet.rig().admit();
            fleet.rig().await(PATIENCE, () -> halfway(witness, missions));

            only.wire().stall();
            fleet.rig()
                    .await(
                            PATIENCE,
                            () -> fleet.rig().missions().stream()
                                    .anyMatch(mission -> mission.failovers().stream()
                                            .anyMatch(failover -> failover.type() == Failover.Type.Runtime)));
            only.wire().flow();
            fleet.rig()
                    .await(PATIENCE, () -> fleet.rig().missions().stream().allMatch(mission -> mission.crashes() == 0));

            fleet.rig().succeed(PATIENCE);
            assertThat(runtime.instance()).isGreaterThan(instance);
            complete(fleet, witness);
        }
    }

    @Test
    void tokenExpiresMidStream() throws Exception {
        int missions = 5;
        try (Witness witness = witness();
                GrpcFleet fleet = fleet(witness, missions)) {
            Replica only = fleet.replica("only");
            Pod pod = fleet.pod("pod");
            RuntimeInstance runtime = fleet.runtime(pod, missions, only);
            long instance = runtime.instance();
            witness.hold();
            fleet.rig().admit();
            fleet.rig().await(PATIENCE, () -> witness.calls().size() == missions);

            // the kubelet has written a new one
            Pod renewed = fleet.pod("pod", pod.uid());
            fleet.tokens().expire(pod.token());
            witness.release();
            fleet.rig().succeed(PATIENCE);
            assertThat(runtime.instance()).isEqualTo(instance);
            complete(fleet, witness);

            // and now it has not
            fleet.tokens().expire(renewed.token());
            fleet.rig().await(PATIENCE, () -> fleet.sessionsLost() == 1);
            assertThat(runtime.serving()).isFalse();
            Files.writeString(pod.file(), fleet.pod("pod", pod.uid()).token());
            fleet.rig().await(PATIENCE, () -> runtime.instance() > instance);
        }
    }

    @Test
    void aGatewayThatDiesInTheMiddleOfAModelCallCostsThatCallAlone() throws Exception {
        String reply = """
                {"id": "1", "object": "chat.completion", "created": 1, "model": "any",
                 "choices": [{"index": 0, "message": {"role": "assistant", "content": "done"}, "finish_reason": "stop"}],
                 "usage": {"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7}}""";
        try (Witness provider = new Witness(directory.resolve("provider"), Duration.ZERO, reply);
                GrpcFleet fleet = fleet(Manifests.pool("- reply: {text: never}", "")
                        .replace(
                                "{type: Scripted, script: {configMapKeyRef: {name: script, key: script}}}",
                                "{type: OpenAI, endpoint: \"" + provider.url("/v1") + "\"}")
                        .concat(missions(1)))) {
            Replica first = fleet.replica("first");
            Replica second = fleet.replica("second");
            RuntimeInstance runtime = fleet.runtime(fleet.pod("pod"), 1, first, second);
            long instance = runtime.instance();
            provider.hold();
            fleet.rig().admit();
            fleet.rig().await(PATIENCE, () -> provider.calls().size() == 1);

            first.die();

            fleet.rig().await(PATIENCE, () -> provider.calls().size() == 2);
            provider.release();
            MissionRecord ended = fleet.rig().succeed(PATIENCE).getFirst();
            assertThat(runtime.instance()).isEqualTo(instance);
            assertThat(ended.failovers()).isEmpty();
            assertThat(fleet.rig().steps(ended)).hasSize(1);
            assertThat(ended.usage().modelCalls()).isEqualTo(1);
            assertThat(provider.calls()).hasSize(2);
        }
    }

    @Test
    void whereTheHolderOfTheDispatchLeaseDiesAnotherReplicaBinds() throws Exception {
        int missions = 3;
        try (Witness witness = witness();
                GrpcFleet fleet = fleet(witness, missions)) {
            Replica first = fleet.replica("first");
            fleet.rig().admit();
            fleet.rig().closeSystems();
            Bindings bindings = fleet.rig().observer().bindings();
            fleet.rig().await(PATIENCE, () -> bindings.lease(fleet.pool(), "first", Dispatcher.LEASE) > 0);
            Replica second = fleet.replica("second");
            assertThat(bindings.lease(fleet.pool(), "second", Dispatcher.LEASE)).isZero();

            first.die();
            fleet.runtime(fleet.pod("pod"), missions, second);

            fleet.rig().succeed(PATIENCE);
            complete(fleet, witness);
            assertThat(bindings.lease(fleet.pool(), "second", Dispatcher.LEASE))
                    .as("its term, behind that of the first")
                    .isGreaterThan(1);
        }
    }

    @Test
    void aRuntimeTellsItsLoadWithEachHeartbeat() throws Exception {
        try (Witness witness = witness();
                GrpcFleet fleet = fleet(witness, 1)) {
            fleet.runtime(fleet.pod("pod"), 1, fleet.replica("only"));
            fleet.rig().await(PATIENCE, () -> {
                Load load = fleet.rig()
                        .observer()
                        .instances()
                        .live(fleet.pool())
                        .getFirst()
                        .load();
                return load.memoryUsed() > 0 && load.memoryLimit() >= load.memoryUsed();
            });
        }
    }

    @Test
    void kubernetesAwayFencesNoRuntime() throws Exception {
        int missions = 5;
        try (Witness witness = witness();
                GrpcFleet fleet = fleet(witness, missions)) {
            Replica first = fleet.replica("first");
            RuntimeInstance runtime = fleet.runtime(fleet.pod("pod"), missions, first);
            long instance = runtime.instance();
            fleet.tokens().away(true);
            fleet.rig().admit();
            fleet.rig().succeed(PATIENCE);
            assertThat(runtime.instance()).isEqualTo(instance);
        }
    }

    @Test
    void containerRestartSamePod() throws Exception {
        int missions = 5;
        try (Witness witness = witness();
                GrpcFleet fleet = fleet(witness, missions)) {
            Replica only = fleet.replica("only");
            UUID uid = UUID.randomUUID();
            RuntimeInstance before = fleet.runtime(fleet.pod("pod", uid), missions, only);
            long instance = before.instance();
            witness.hold();
            fleet.rig().admit();
            fleet.rig().await(PATIENCE, () -> witness.calls().size() == missions);

            RuntimeInstance after = fleet.runtime(fleet.pod("pod", uid), missions, only);

            assertThat(fleet.rig().observer().instances().live(fleet.pool()))
                    .extracting(live -> live.id())
                    .doesNotContain(instance)
                    .contains(after.instance());
            before.stop();
            witness.release();
            fleet.rig().succeed(PATIENCE);
            complete(fleet, witness);
        }
    }
}
