package dev.tagma.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tagma.app.GrpcFleet.Pod;
import dev.tagma.app.GrpcFleet.Replica;
import dev.tagma.app.ScriptedRuntime.Orders;
import dev.tagma.mission.step.StepContent.Feedback;
import dev.tagma.store.TestPostgres;
import dev.tagma.wire.StepWire;
import dev.tagma.wire.Trouble;
import dev.tagma.wire.v1alpha1.CommitRequest;
import dev.tagma.wire.v1alpha1.Start;
import dev.tagma.wire.v1alpha1.StepContent;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What tests of the runtime protocol share. */
final class ProtocolRig {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private ProtocolRig() {}

    static GrpcFleet fleet(Path directory, int missions) {
        String yaml = Manifests.pool("- reply: {text: \"done\"}", "")
                + IntStream.range(0, missions)
                        .mapToObj(i -> Manifests.mission("m" + i, "{goal: Wait., timeout: 10m}"))
                        .collect(Collectors.joining());
        return new GrpcFleet(new Rig(TestPostgres.shared().fresh(), yaml), directory);
    }

    static ScriptedRuntime runtime(GrpcFleet fleet, Replica replica, Pod pod, int slots) {
        return new ScriptedRuntime(replica.wire().address(), fleet.pool(), pod, slots);
    }

    static void starts(GrpcFleet fleet, Orders orders, int count) {
        fleet.rig()
                .await(
                        PATIENCE,
                        () -> orders.starts().stream()
                                        .map(each -> each.getClaim().getMission())
                                        .distinct()
                                        .count()
                                == count);
    }

    /** What the gateway objects. */
    static Trouble trouble(ThrowingCallable call) {
        StatusRuntimeException failure = catchThrowableOfType(StatusRuntimeException.class, call);
        assertThat(failure).as("a call that should fail").isNotNull();
        return Trouble.of(failure).orElseThrow(() -> new AssertionError("without a reason", failure));
    }

    static StatusRuntimeException refusal(Orders orders) {
        return (StatusRuntimeException)
                catchThrowableOfType(ExecutionException.class, orders::welcome).getCause();
    }

    static CommitRequest commit(long instance, Start start, int bytes) {
        return CommitRequest.newBuilder()
                .setInstance(instance)
                .setClaim(start.getClaim())
                .setBelieved(start.getHead())
                .addSteps(feedback("x".repeat(bytes)))
                .build();
    }

    static StepContent feedback(String text) {
        return StepWire.encode(new Feedback(Feedback.Topic.Repetition, text));
    }
}
