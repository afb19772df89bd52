package dev.tagma.runtime.grpc;

import static dev.tagma.agent.FakeAlarmClock.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tagma.agent.FakeAlarmClock;
import dev.tagma.mission.Claim;
import dev.tagma.mission.Digest;
import dev.tagma.mission.Head;
import dev.tagma.mission.link.GatewaySession;
import dev.tagma.mission.link.Hello;
import dev.tagma.mission.link.RuntimeInbox;
import dev.tagma.mission.link.Start;
import dev.tagma.mission.step.StepContent.Feedback;
import dev.tagma.wire.StepWire;
import dev.tagma.wire.v1alpha1.Order;
import dev.tagma.wire.v1alpha1.Stop;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrpcGatewayLinkIT {
    private static final Claim CLAIM = new Claim(3, new UUID(7, 3), 5);

    @TempDir
    private Path directory;

    private final FakeAlarmClock clock = new FakeAlarmClock();
    private final StoppedOnly inbox = new StoppedOnly();
    private Path token;

    @BeforeEach
    void token() throws Exception {
        token = Files.writeString(directory.resolve("token"), "token\n");
    }

    /** Hears of stops, and of nothing that could be run. */
    private static final class StoppedOnly implements RuntimeInbox {
        private final List<Claim> stopped = new CopyOnWriteArrayList<>();

        @Override
        public void start(Start start) {
            throw new AssertionError("nothing here can be run");
        }

        @Override
        public boolean starting(Claim claim) {
            return false;
        }

        @Override
        public void stop(Claim claim) {
            stopped.add(claim);
        }

        @Override
        public void drain() {
            throw new AssertionError("nobody drains");
        }
    }

    private GrpcGatewayLink link(ScriptedReplica replica) {
        return new GrpcGatewayLink(GrpcLinkSettings.plaintext(List.of(replica.address()), token), clock, () -> 0L);
    }

    private static Hello hello() {
        return new Hello(new UUID(1, 1), "pod", 1, "test");
    }

    /** A mission whose pool revision never came, and then an order that tells when it has been read. */
    private void orderUnreadable(ScriptedReplica replica, int stops) {
        replica.order(Order.newBuilder()
                .setStart(dev.tagma.wire.v1alpha1.Start.newBuilder()
                        .setClaim(StepWire.encode(CLAIM))
                        .setName("carbon/m")
                        .setRevision(9))
                .build());
        replica.order(Order.newBuilder()
                .setStop(Stop.newBuilder().setClaim(StepWire.encode(new Claim(4, new UUID(7, 4), 1))))
                .build());
        soon().until(() -> inbox.stopped.size() == stops);
    }

    @Test
    void aMissionThatCannotBeReadIsHandedBackOnceAndNotInHaste() throws Exception {
        try (ScriptedReplica replica = new ScriptedReplica();
                GrpcGatewayLink link = link(replica);
                GatewaySession session = link.open(hello(), inbox)) {
            orderUnreadable(replica, 1);
            orderUnreadable(replica, 2);
            clock.advance(Duration.ofSeconds(4));
            assertThat(replica.released()).isEmpty();

            clock.advance(Duration.ofSeconds(1));
            soon().until(() -> replica.released().size() == 1);
            assertThat(replica.released().getFirst().hasHandBack()).isTrue();
            assertThat(StepWire.decode(replica.released().getFirst().getClaim()))
                    .isEqualTo(CLAIM);
            assertThat(clock.waiting()).isZero();

            orderUnreadable(replica, 3);
            clock.advance(Duration.ofSeconds(5));
            soon().until(() -> replica.released().size() == 2);
            assertThat(session.instance()).isEqualTo(7);
        }
    }

    @Test
    void aRequestAboveTheGatewaysLimitIsNotSent() throws Exception {
        try (ScriptedReplica replica = new ScriptedReplica();
                GrpcGatewayLink link = link(replica);
                GatewaySession session = link.open(hello(), inbox)) {
            Feedback large = new Feedback(Feedback.Topic.Repetition, "x".repeat(1 << 20));
            Head head = new Head(1, Digest.sha256(new byte[0]));
            assertThatThrownBy(() -> session.commit(CLAIM, head, Collections.nCopies(2, large)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("the gateway takes at most " + (2 << 20));
        }
    }

    @Test
    void aTokenThatIsNotThereIsNamed() throws Exception {
        Files.delete(token);
        try (ScriptedReplica replica = new ScriptedReplica();
                GrpcGatewayLink link = link(replica)) {
            assertThatThrownBy(() -> link.open(hello(), inbox))
                    .hasMessageContaining("the token in " + token + " cannot be read");
        }
    }
}
