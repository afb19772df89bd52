package dev.tagma.gateway.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tagma.gateway.access.Caller;
import dev.tagma.wire.Trouble;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class AttachmentTest {
    private static final UUID POD = new UUID(1, 1);

    private final Attachment attachment = of(7, POD, 2);

    private static Attachment of(long instance, UUID pod, int slots) {
        Caller owner = new Caller(
                "system:serviceaccount:n:p-runtime",
                "",
                Set.of(),
                Map.of("authentication.kubernetes.io/pod-uid", List.of(pod.toString())));
        return new Attachment(new FakeSession(instance), owner, null, slots);
    }

    @Test
    void heartbeatsInFlightAreBounded() {
        List<Attachment.Flight> beats = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            beats.add(attachment.beat());
        }
        busy(attachment::beat);
        beats.getFirst().close();
        attachment.beat().close();
    }

    @Test
    void callsOfAMissionAreBounded() {
        List<Attachment.Flight> calls = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            calls.add(attachment.enter(1, "call " + i));
        }
        busy(() -> attachment.enter(1, "call 24"));
        attachment.enter(2, "call 24").close();
        calls.getFirst().close();
        busy(() -> attachment.enter(1, "call 1"));
        attachment.enter(1, "call 0").close();
    }

    @Test
    void missionsWithCallsAreBoundedByTheSlots() {
        List<Attachment.Flight> calls = new ArrayList<>();
        for (int mission = 0; mission < 20; mission++) {
            calls.add(attachment.enter(mission, "commit"));
        }
        busy(() -> attachment.enter(20, "commit"));
        attachment.enter(19, "model call").close();
        calls.getFirst().close();
        attachment.enter(20, "commit").close();
    }

    @Test
    void ofAPodsProcessesTheOneBeforeIsFormer() {
        assertThat(attachment.formerOf(of(8, POD, 1))).isTrue();
        assertThat(attachment.formerOf(of(6, POD, 1))).isFalse();
        assertThat(attachment.formerOf(of(7, POD, 1))).isFalse();
        assertThat(attachment.formerOf(of(8, new UUID(2, 2), 1))).isFalse();
    }

    private static void busy(ThrowingCallable call) {
        assertThat(Trouble.of(catchThrowableOfType(StatusRuntimeException.class, call)))
                .contains(Trouble.BUSY);
    }
}
