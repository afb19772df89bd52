package dev.tagma.app;

import static dev.tagma.app.ProtocolRig.PATIENCE;
import static dev.tagma.app.ProtocolRig.commit;
import static dev.tagma.app.ProtocolRig.fleet;
import static dev.tagma.app.ProtocolRig.refusal;
import static dev.tagma.app.ProtocolRig.runtime;
import static dev.tagma.app.ProtocolRig.starts;
import static dev.tagma.app.ProtocolRig.trouble;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.app.GrpcFleet.Pod;
import dev.tagma.app.GrpcFleet.Replica;
import dev.tagma.app.ScriptedRuntime.Orders;
import dev.tagma.dispatch.Bindings.Binding;
import dev.tagma.mission.Append;
import dev.tagma.mission.CommitResult;
import dev.tagma.mission.Head;
import dev.tagma.mission.NewStep;
import dev.tagma.mission.Usage;
import dev.tagma.mission.link.Hello;
import dev.tagma.mission.step.StepContent.Feedback;
import dev.tagma.store.PostgresStore;
import dev.tagma.wire.Trouble;
import dev.tagma.wire.v1alpha1.CallModelRequest;
import dev.tagma.wire.v1alpha1.CallToolRequest;
import dev.tagma.wire.v1alpha1.Claim;
import dev.tagma.wire.v1alpha1.ConnectRequest;
import dev.tagma.wire.v1alpha1.FinishRequest;
import dev.tagma.wire.v1alpha1.LeaveRequest;
import dev.tagma.wire.v1alpha1.OutsideToolsRequest;
import dev.tagma.wire.v1alpha1.ReleaseRequest;
import dev.tagma.wire.v1alpha1.Start;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gateway's side of the runtime protocol, before runtimes that do as they like. */
class RuntimeStreamIT {
    /** A runtime that waits longer for an answer is dead. */
    private static final Duration LEASE = Duration.ofSeconds(2);

    private static final int STEP = 900_000;

    @TempDir
    private Path directory;

    /** Gives the missions a history of so many steps under an owner that then leaves. */
    private static void history(GrpcFleet fleet, int missions, int steps) {
        PostgresStore store = fleet.rig().observer();
        fleet.rig().admit();
        long former =
                store.instances().register(new Hello(fleet.pool(), "former", missions, "test"), Duration.ofMinutes(10));
        fleet.rig().await(PATIENCE, () -> {
            store.bindings().bind(former, missions);
            return store.bindings().held(former).size() == missions;
        });
        NewStep step = NewStep.of(new Feedback(Feedback.Topic.Repetition, "x".repeat(STEP)), Usage.NONE);
        for (Binding binding : store.bindings().held(former)) {
            Append append = new Append(
                    binding.claim(),
                    Head.genesis(binding.claim().uid()),
                    IntStream.range(0, steps).mapToObj(i -> step).toList(),
                    null);
            assertThat(store.steps().commit(append)).isInstanceOf(CommitResult.Committed.class);
        }
        store.instances().deregister(former);
    }

    @Test
    void strangerPodCommits() throws Exception {
        try (GrpcFleet fleet = fleet(directory, 1);
                ScriptedRuntime owner = runtime(fleet, fleet.patientReplica("only"), fleet.pod("owner"), 1);
                ScriptedRuntime stranger = runtime(fleet, fleet.replicas().getFirst(), fleet.pod("stranger"), 1)) {
            Orders orders = owner.connect(owner.hello());
            long instance = orders.welcome().getInstance();
            fleet.rig().admit();
            starts(fleet, orders, 1);
            Start start = orders.starts().getFirst();
            Claim claim = start.getClaim();

            Stream.<ThrowingCallable>of(
                            () -> stranger.calls().commit(commit(instance, start, 1)),
                            () -> stranger.calls()
                                    .finish(FinishRequest.newBuilder()
                                            .setInstance(instance)
                                            .setClaim(claim)
                                            .build()),
                            () -> stranger.calls()
                                    .release(ReleaseRequest.newBuilder()
                                            .setInstance(instance)
                                            .setClaim(claim)
                                            .build()),
                            () -> stranger.calls()
                                    .callModel(CallModelRequest.newBuilder()
                                            .setInstance(instance)
                                            .setClaim(claim)
                                            .build())
                                    .next(),
                            () -> stranger.calls()
                                    .callTool(CallToolRequest.newBuilder()
                                            .setInstance(instance)
                                            .setClaim(claim)
                                            .build()),
                            () -> stranger.calls()
                                    .outsideTools(OutsideToolsRequest.newBuilder()
                                            .setInstance(instance)
                                            .setClaim(claim)
                                            .build()),
                            () -> stranger.heartbeat(instance, List.of(), PATIENCE),
                            () -> stranger.calls()
                                    .leave(LeaveRequest.newBuilder()
                                            .setInstance(instance)
                                            .build()))
                    .forEach(call -> assertThat(trouble(call)).isEqualTo(Trouble.REFUSED));
            assertThat(Trouble.of(refusal(stranger.connect(
                            stranger.hello().toBuilder().setInstance(instance).build()))))
                    .as("it cannot take the session over")
                    .contains(Trouble.INSTANCE_DEAD);

            long own = stranger.connect(stranger.hello()).welcome().getInstance();
            assertThat(stranger.calls().commit(commit(own, start, 1)).hasFenced())
                    .as("as itself it owns nothing")
                    .isTrue();
            assertThat(fleet.rig().steps(fleet.rig().mission())).isEmpty();
            assertThat(owner.calls().commit(commit(instance, start, 1)).hasCommitted())
                    .isTrue();
        }
    }

    @Test
    void hugeStartDoesNotDelayHeartbeat() throws Exception {
        int steps = 12;
        try (GrpcFleet fleet = fleet(directory, 1)) {
            history(fleet, 1, steps);
            Replica only = fleet.patientReplica("only");
            try (ScriptedRuntime runtime = runtime(fleet, only, fleet.pod("pod"), 1)) {
                only.wire().narrow(4 << 20);
                Orders orders = runtime.connect(runtime.hello());
                long instance = orders.welcome().getInstance();
                fleet.rig().await(PATIENCE, () -> orders.fragments() > 0);
                int between = 0;
                while (orders.starts().isEmpty()) {
                    assertThat(runtime.heartbeat(instance, List.of(), LEASE)).isTrue();
                    between += orders.starts().isEmpty() ? 1 : 0;
                }
                assertThat(between)
                        .as("heartbeats while the start was on its way")
                        .isGreaterThan(5);
                assertThat(orders.starts().getFirst().getTailList()).hasSize(steps);
            }
        }
    }

    @Test
    void aSlowReaderKeepsItsLeaseAndDelaysNobody() throws Exception {
        int missions = 16;
        try (GrpcFleet fleet = fleet(directory, missions)) {
            history(fleet, missions, 2);
            Replica only = fleet.patientReplica("only");
            try (ScriptedRuntime slow = runtime(fleet, only, fleet.pod("slow"), missions / 2);
                    ScriptedRuntime quick = runtime(fleet, only, fleet.pod("quick"), missions / 2)) {
                Orders unread = slow.connect(slow.hello(), 1);
                long instance = unread.welcome().getInstance();
                fleet.rig()
                        .await(
                                PATIENCE,
                                () -> fleet.rig()
                                                .observer()
                                                .bindings()
                                                .held(instance)
                                                .size()
                                        == missions / 2);
                Orders read = quick.connect(quick.hello());
                starts(fleet, read, missions / 2);
                for (int beats = 0; beats < 20; beats++) {
                    assertThat(slow.heartbeat(instance, List.of(), LEASE)).isTrue();
                }
                assertThat(unread.starts()).isEmpty();

                unread.read(Integer.MAX_VALUE);
                fleet.rig().await(PATIENCE, () -> {
                    assertThat(slow.heartbeat(instance, running(unread), LEASE)).isTrue();
                    return running(unread).size() == missions / 2;
                });
                assertThat(running(unread)).doesNotContainAnyElementsOf(running(read));
            }
        }
    }

    private static Set<Claim> running(Orders orders) {
        return orders.starts().stream().map(Start::getClaim).collect(Collectors.toSet());
    }

    @Test
    void ofTwoThatConnectAtOnceAsOneInstanceOneIsToldEverything() throws Exception {
        try (GrpcFleet fleet = fleet(directory, 1)) {
            Replica only = fleet.patientReplica("only");
            Pod pod = fleet.pod("pod");
            fleet.rig().admit();
            try (ScriptedRuntime one = runtime(fleet, only, pod, 1);
                    ScriptedRuntime two = runtime(fleet, only, pod, 1)) {
                long instance = one.connect(one.hello()).welcome().getInstance();
                ConnectRequest again =
                        one.hello().toBuilder().setInstance(instance).build();
                for (int round = 0; round < 20; round++) {
                    Orders first = one.connect(again);
                    Orders second = two.connect(again);
                    fleet.rig().await(PATIENCE, () -> {
                        assertThat(one.heartbeat(instance, List.of(), PATIENCE)).isTrue();
                        return (first.ended() ? second : first).starts().size() > 0;
                    });
                    fleet.rig().await(PATIENCE, () -> first.ended() != second.ended());
                }
            }
        }
    }

    @Test
    void aStreamThatIsCancelledEndsNoInstance() throws Exception {
        try (GrpcFleet fleet = fleet(directory, 1);
                ScriptedRuntime runtime = runtime(fleet, fleet.patientReplica("only"), fleet.pod("pod"), 1)) {
            Orders orders = runtime.connect(runtime.hello());
            long instance = orders.welcome().getInstance();
            orders.cancel();
            fleet.rig()
                    .await(
                            PATIENCE,
                            () -> trouble(() -> runtime.heartbeat(instance, List.of(), PATIENCE))
                                    == Trouble.NO_SESSION);
            assertThat(runtime.connect(runtime.hello().toBuilder()
                                    .setInstance(instance)
                                    .build())
                            .welcome()
                            .getInstance())
                    .isEqualTo(instance);
        }
    }
}
