package dev.tagma.store;

import static dev.tagma.store.Steps.append;
import static dev.tagma.store.Steps.first;
import static dev.tagma.store.Steps.reply;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.dispatch.Bindings.Binding;
import dev.tagma.mission.Append;
import dev.tagma.mission.Claim;
import dev.tagma.mission.CommitResult.Committed;
import dev.tagma.mission.CommitResult.Fenced;
import dev.tagma.mission.CommitResult.Fork;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.MissionStore.Release.HandBack;
import dev.tagma.mission.Usage;
import dev.tagma.model.ModelCalls;
import dev.tagma.model.ModelCalls.Budget;
import dev.tagma.model.ModelCalls.Estimate;
import dev.tagma.model.ModelCalls.Reservation;
import dev.tagma.model.ModelCalls.Reservation.Granted;
import dev.tagma.model.ModelCalls.Reservation.InFlight;
import dev.tagma.model.ModelCalls.Reservation.Lost;
import dev.tagma.model.ModelCalls.Reservation.Moved;
import dev.tagma.model.ModelCalls.Reservation.OverBudget;
import dev.tagma.model.ModelCalls.Reserved;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every book of model calls keeps. */
abstract class ModelCallsContract extends StoreContract {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Estimate SMALL = new Estimate(1_000, 500, new Budget(10_000, 1_000_000));

    ModelCalls book;
    Claim claim;

    @BeforeEach
    void takeAMission() {
        book = store.calls();
        claim = owner();
    }

    Claim owner() {
        return running().claim();
    }

    Claim handOver(Claim held) {
        assertThat(store.missions().release(held, new HandBack())).isTrue();
        Binding next = bindOne(register("next", 1));
        return next.claim();
    }

    /** Lets every reservation made for a minute lapse. */
    void lapseReservations() {
        store.advance(MINUTE.plusMillis(1));
    }

    private Reserved granted(long base, Estimate estimate) {
        Reservation reservation = book.reserve(claim, base, estimate, MINUTE);
        assertThat(reservation).isInstanceOf(Granted.class);
        return ((Granted) reservation).call();
    }

    @Test
    void settledCallIsInTheLogAndChargesNothing() {
        Reserved call = granted(0, SMALL);
        Append append = first(claim, reply("hello"));

        assertThat(call).isEqualTo(new Reserved(claim, 0, 1));
        assertThat(book.settle(call, append)).isEqualTo(new Committed(append.head()));
        assertThat(store.steps().tail(claim.mission()).usage()).isEqualTo(Steps.REPLY_USAGE);
        lapseReservations();
        assertThat(book.lapsed(claim.mission())).isEqualTo(Usage.NONE);
    }

    @Test
    void settleTwiceIsOneReply() {
        Reserved call = granted(0, SMALL);
        Append append = first(claim, reply("hello"));
        book.settle(call, append);

        assertThat(book.settle(call, append)).isEqualTo(new Committed(append.head()));
        assertThat(store.steps().read(claim.mission(), 0, 10)).hasSize(1);
    }

    @Test
    void sameModelCallTwoReplicas() throws Exception {
        List<Callable<Reservation>> replicas = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            replicas.add(() -> book.reserve(claim, 0, SMALL, MINUTE));
        }
        List<Reservation> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Reservation> each : threads.invokeAll(replicas)) {
                answers.add(each.get());
            }
        }
        assertThat(answers).filteredOn(Granted.class::isInstance).hasSize(1);
        assertThat(answers)
                .filteredOn(InFlight.class::isInstance)
                .hasSize(7)
                .allSatisfy(
                        answer -> assertThat(((InFlight) answer).retryAfter()).isPositive());
    }

    @Test
    void callInFlightIsNamedSoThatWhoeverReservedItFindsItAgain() {
        Reserved mine = granted(0, SMALL);
        assertThat(book.reserve(claim, 0, SMALL, MINUTE))
                .isInstanceOfSatisfying(
                        InFlight.class, again -> assertThat(again.call()).isEqualTo(mine));
        assertThat(book.settle(mine, first(claim, reply("hello")))).isInstanceOf(Committed.class);
    }

    @Test
    void chargedCallsShowInTheMissionsRecord() {
        book.charge(granted(0, SMALL), new Usage(0, 1, 0, 300, 0, 40));
        granted(0, SMALL);
        lapseReservations();
        assertThat(record().charged()).isEqualTo(new Usage(0, 2, 0, 1_300, 0, 540));
        assertThat(record().usage()).as("what the steps say").isEqualTo(Usage.NONE);

        Reserved last = granted(0, SMALL);
        book.settle(last, first(claim, reply("hello")));
        assertThat(record().charged()).isEqualTo(new Usage(0, 2, 0, 1_300, 0, 540));
    }

    private MissionRecord record() {
        return store.missions().find(claim.uid()).orElseThrow();
    }

    @Test
    void replyThatIsThereIsNotAskedForAgain() {
        book.settle(granted(0, SMALL), first(claim, reply("hello")));

        assertThat(book.reserve(claim, 0, SMALL, MINUTE)).isInstanceOf(Moved.class);
        assertThat(book.reserve(claim, 7, SMALL, MINUTE))
                .as("ahead of the store")
                .isInstanceOf(Moved.class);
        assertThat(granted(1, SMALL).n()).isOne();
    }

    @Test
    void olderOwnerReservesNothing() {
        handOver(claim);
        assertThat(book.reserve(claim, 0, SMALL, MINUTE)).isInstanceOf(Lost.class);
    }

    @Test
    void formerOwnersCallDelaysNobodyAndIsPaid() {
        Reserved old = granted(0, new Estimate(6_000, 0, new Budget(10_000, 0)));
        Claim former = claim;
        claim = handOver(claim);

        assertThat(book.reserve(claim, 0, new Estimate(5_000, 0, new Budget(10_000, 0)), MINUTE))
                .as("what the former owner reserved still counts")
                .isInstanceOf(OverBudget.class);
        assertThat(granted(0, new Estimate(4_000, 0, new Budget(10_000, 0))).n())
                .isEqualTo(2);
        assertThat(book.settle(old, first(former, reply("late")))).isInstanceOf(Fenced.class);
        assertThat(book.lapsed(claim.mission())).as("paid, not stored").isEqualTo(new Usage(0, 1, 0, 110, 0, 1_000));
    }

    @Test
    void replyThatLostTheRaceIsCharged() {
        Reserved call = granted(0, SMALL);
        store.steps().commit(first(claim, reply("another")));

        assertThat(book.settle(call, first(claim, reply("late")))).isInstanceOf(Fork.class);
        assertThat(book.lapsed(claim.mission())).isEqualTo(new Usage(0, 1, 0, 110, 0, 1_000));
    }

    @Test
    void budgetCountsWhatIsUsedReservedAndCharged() {
        Budget budget = new Budget(1_000, 5_000);
        Append one = first(claim, reply("110 tokens, 1000 nanos"));
        book.settle(granted(0, new Estimate(900, 2_000, budget)), one);
        book.charge(granted(1, new Estimate(500, 0, budget)), new Usage(0, 1, 0, 300, 90, 500));

        assertThat(book.reserve(claim, 1, new Estimate(501, 0, budget), MINUTE))
                .isInstanceOfSatisfying(
                        OverBudget.class, over -> assertThat(over.detail()).contains("1000 tokens", "500 ", "501"));
        assertThat(book.reserve(claim, 1, new Estimate(0, 3_501, budget), MINUTE))
                .isInstanceOfSatisfying(
                        OverBudget.class, over -> assertThat(over.detail()).contains("0.000005", "0.0000015"));
        assertThat(granted(1, new Estimate(500, 3_500, budget)).n()).isEqualTo(2);
    }

    @Test
    void missionWithoutBudgetIsNeverOver() {
        Reserved call = granted(0, new Estimate(Long.MAX_VALUE / 4, Long.MAX_VALUE / 4));
        book.charge(call, new Usage(0, 1, 0, Long.MAX_VALUE / 4, 0, 0));
        assertThat(granted(0, new Estimate(Long.MAX_VALUE / 4, 0)).n()).isEqualTo(2);
    }

    @Test
    void releasedCallIsFreeAndMadeAgain() {
        book.release(granted(0, SMALL));

        assertThat(book.lapsed(claim.mission())).isEqualTo(Usage.NONE);
        assertThat(granted(0, new Estimate(10_000, 0, new Budget(10_000, 0))).n())
                .isEqualTo(2);
    }

    @Test
    void reservationLapseIsCharged() {
        Reserved lost = granted(0, SMALL);
        lapseReservations();

        assertThat(book.lapsed(claim.mission())).isEqualTo(new Usage(0, 1, 0, 1_000, 0, 500));
        book.release(lost);
        book.charge(lost, new Usage(0, 1, 0, 5, 0, 0));
        assertThat(book.lapsed(claim.mission())).as("too late").isEqualTo(new Usage(0, 1, 0, 1_000, 0, 500));
        Reserved again = granted(0, SMALL);
        assertThat(again.n()).isEqualTo(2);
        book.release(lost);
        assertThat(book.lapsed(claim.mission())).isEqualTo(new Usage(0, 1, 0, 1_000, 0, 500));
    }

    @Test
    void replyPaidGatewayKilled() {
        // The gateway dies after the provider answered: nobody settles. The next one pays again, and both count.
        granted(0, SMALL);
        claim = handOver(claim);
        lapseReservations();

        Reserved second = granted(0, SMALL);
        assertThat(book.settle(second, first(claim, reply("again")))).isInstanceOf(Committed.class);
        assertThat(book.lapsed(claim.mission())).isEqualTo(new Usage(0, 1, 0, 1_000, 0, 500));
        assertThat(book.reserve(claim, 1, new Estimate(8_891, 0, SMALL.budget()), MINUTE))
                .isInstanceOf(OverBudget.class);
        assertThat(granted(1, new Estimate(8_890, 0, SMALL.budget())).n()).isOne();
    }

    @Test
    void lateSettleTakesTheChargeBack() {
        Reserved call = granted(0, SMALL);
        lapseReservations();
        assertThat(book.lapsed(claim.mission()).tokens()).isEqualTo(1_000);

        assertThat(book.settle(call, first(claim, reply("slow")))).isInstanceOf(Committed.class);
        assertThat(book.lapsed(claim.mission())).isEqualTo(Usage.NONE);
    }

    @Test
    void missionsHaveTheirOwnBooks() {
        Claim other = owner();
        Append one = first(other, reply("a"));
        granted(0, SMALL);

        assertThat(book.reserve(other, 0, SMALL, MINUTE)).isInstanceOf(Granted.class);
        store.steps().commit(one);
        assertThat(store.steps().commit(append(other, one.head(), reply("b")))).isInstanceOf(Committed.class);
        assertThat(book.reserve(claim, 0, SMALL, MINUTE)).isInstanceOf(InFlight.class);
    }

    @Test
    void aRenewedCallDoesNotLapse() {
        Reserved call = granted(0, SMALL);
        store.advance(Duration.ofSeconds(59));
        book.renew(List.of(call), MINUTE);
        store.advance(Duration.ofSeconds(59));
        assertThat(book.lapsed(claim.mission())).isEqualTo(Usage.NONE);
        assertThat(book.reserve(claim, 0, SMALL, MINUTE)).isInstanceOf(InFlight.class);
    }

    @Test
    void aLapsedCallIsNotRenewed() {
        Reserved call = granted(0, SMALL);
        lapseReservations();
        book.renew(List.of(call), MINUTE);
        assertThat(book.lapsed(claim.mission()).tokens()).isEqualTo(SMALL.tokens());
        assertThat(granted(0, SMALL).n()).isEqualTo(2);
        book.renew(List.of(), MINUTE);
    }
}
