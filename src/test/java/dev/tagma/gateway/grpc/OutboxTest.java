package dev.tagma.gateway.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.agent.Specs;
import dev.tagma.mission.Claim;
import dev.tagma.mission.Head;
import dev.tagma.mission.PoolRevision;
import dev.tagma.mission.StepLog.Tail;
import dev.tagma.mission.link.Start;
import dev.tagma.wire.OrderPieces;
import dev.tagma.wire.v1alpha1.Order;
import dev.tagma.wire.v1alpha1.Order.OrderCase;
import dev.tagma.wire.v1alpha1.Welcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private static final int LARGE = 3 * OrderPieces.PIECE;

    private final FakeOrders stream = new FakeOrders();
    private final Outbox outbox = new Outbox(stream);

    private static Claim claim(long mission, long epoch) {
        return new Claim(mission, new UUID(7, mission), epoch);
    }

    private static PoolRevision pool(int revision, int bytes) {
        return new PoolRevision(
                new UUID(1, 1), revision, "platform", "analysts", Specs.pool(), Map.of("map/key", "x".repeat(bytes)));
    }

    /** The start of a mission whose agent's name, for want of a history, has so many characters. */
    private static Start start(Claim claim, PoolRevision pool, int size) {
        return new Start(
                claim,
                "carbon/m" + claim.mission(),
                Specs.mission("\"agent\": \"" + "a".repeat(size) + "\""),
                pool,
                Head.genesis(claim.uid()),
                Tail.EMPTY,
                Duration.ofMinutes(1),
                0);
    }

    private void welcome() {
        outbox.welcome(Welcome.newBuilder().setInstance(1).build());
    }

    private List<OrderCase> kinds() {
        return stream.orders().stream().map(Order::getOrderCase).toList();
    }

    @Test
    void whatIsToldBeforeTheWelcomeFollowsIt() {
        stream.readAll();
        outbox.start(start(claim(1, 1), pool(1, 0), 1));
        assertThat(stream.messages()).isEmpty();
        welcome();
        assertThat(kinds()).containsExactly(OrderCase.WELCOME, OrderCase.REVISION, OrderCase.START);
    }

    @Test
    void aRevisionIsSentOnce() {
        welcome();
        stream.readAll();
        outbox.start(start(claim(1, 1), pool(1, LARGE), 1));
        outbox.start(start(claim(2, 1), pool(1, LARGE), 1));
        assertThat(kinds()).containsExactly(OrderCase.WELCOME, OrderCase.REVISION, OrderCase.START, OrderCase.START);
    }

    @Test
    void aSmallStartNeverOvertakesItsOwnRevision() {
        welcome();
        outbox.start(start(claim(1, 1), pool(1, LARGE), 1));
        outbox.start(start(claim(2, 1), pool(1, LARGE), 1));
        stream.readAll();
        assertThat(kinds()).containsExactly(OrderCase.WELCOME, OrderCase.REVISION, OrderCase.START, OrderCase.START);
    }

    @Test
    void smallOrdersOvertakeALargeOneBetweenItsPieces() {
        welcome();
        outbox.start(start(claim(1, 1), pool(1, 0), LARGE));
        stream.read(3);
        outbox.start(start(claim(2, 1), pool(1, 0), 1));
        outbox.stop(claim(3, 1));
        stream.readAll();
        assertThat(kinds())
                .as("small, and complete before the large one")
                .containsExactly(
                        OrderCase.WELCOME, OrderCase.REVISION, OrderCase.START, OrderCase.STOP, OrderCase.START);
        assertThat(stream.orders().getLast().getStart().getClaim().getMission()).isEqualTo(1);
    }

    @Test
    void aStartOnItsWayIsNotRepeated() {
        welcome();
        Start start = start(claim(1, 1), pool(1, 0), LARGE);
        outbox.start(start);
        assertThat(outbox.starting(claim(1, 1))).isTrue();
        assertThat(outbox.starting(claim(1, 2))).isFalse();
        outbox.start(start);
        stream.readAll();
        assertThat(kinds()).containsExactly(OrderCase.WELCOME, OrderCase.REVISION, OrderCase.START);
        assertThat(outbox.starting(claim(1, 1))).isFalse();
        outbox.start(start);
        assertThat(kinds()).as("lost behind the stream, it is repeated").hasSize(4);
    }

    @Test
    void aStopRevokesTheStartThatWaits() {
        welcome();
        stream.read(1);
        outbox.start(start(claim(1, 1), pool(1, 0), LARGE));
        outbox.start(start(claim(2, 2), pool(1, 0), LARGE));
        outbox.start(start(claim(3, 1), pool(1, 0), LARGE));
        outbox.stop(claim(3, 1));
        outbox.stop(claim(2, 1));
        stream.readAll();
        assertThat(stream.orders().stream()
                        .filter(Order::hasStart)
                        .map(each -> each.getStart().getClaim().getMission()))
                .as("the later ownership of 2 stays")
                .containsExactly(1L, 2L);
        assertThat(outbox.starting(claim(3, 1))).isFalse();
    }

    @Test
    void whatWaitsForASlowReaderIsBounded() {
        welcome();
        int size = 4 << 20;
        int fit = (int) (Outbox.MAX_WAITING / size);
        for (int i = 1; i <= 2 * fit; i++) {
            outbox.start(start(claim(i, 1), pool(1, 0), size));
        }
        assertThat(outbox.starting(claim(fit - 1, 1))).isTrue();
        assertThat(outbox.starting(claim(2 * fit, 1))).isFalse();
        stream.readAll();
        assertThat(stream.orders().stream().filter(Order::hasStart)).hasSizeBetween(fit - 1, fit);
        outbox.start(start(claim(2 * fit, 1), pool(1, 0), size));
        assertThat(stream.orders().getLast().getStart().getClaim().getMission())
                .as("there is room again")
                .isEqualTo(2L * fit);
    }

    @Test
    void smallOrdersThatNobodyReadsAreBoundedByTheRoomTheyTake() {
        welcome();
        long most = Outbox.MAX_WAITING / 512;
        for (long mission = 0; mission < 2 * most; mission++) {
            outbox.stop(claim(mission, 1));
        }
        stream.readAll();
        assertThat(stream.messages()).hasSizeLessThan((int) most);
        outbox.stop(claim(1, 1));
        assertThat(stream.orders().getLast().hasStop()).isTrue();
    }

    @Test
    void nothingFollowsTheEnd() {
        outbox.end();
        outbox.end();
        welcome();
        stream.readAll();
        outbox.start(start(claim(1, 1), pool(1, 0), 1));
        outbox.stop(claim(1, 1));
        outbox.drain();
        assertThat(stream.completed()).isTrue();
        assertThat(stream.messages()).isEmpty();
        assertThat(outbox.starting(claim(1, 1))).isFalse();
    }
}
