package dev.tagma.store;

import static dev.tagma.store.Steps.append;
import static dev.tagma.store.Steps.observation;
import static dev.tagma.store.Steps.reply;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tagma.mission.Append;
import dev.tagma.mission.Claim;
import dev.tagma.mission.CommitResult.Behind;
import dev.tagma.mission.CommitResult.Committed;
import dev.tagma.mission.CommitResult.Fenced;
import dev.tagma.mission.CommitResult.Fork;
import dev.tagma.mission.Head;
import dev.tagma.mission.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Many writers against takeovers and against a server that goes away. */
class CommitStressIT {
    private static final int MISSIONS = 40;

    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicInteger committed = new AtomicInteger();
    private final Queue<String> forks = new ConcurrentLinkedQueue<>();

    /** What a new owner saw right after its takeover: nobody older may write behind it. */
    private record Seen(Claim claim, long lastSeq) {}

    @Test
    void noStaleStepIsStoredUnderTakeovers() throws Exception {
        Queue<Seen> takeovers = new ConcurrentLinkedQueue<>();
        List<Claim> missions = new ArrayList<>();
        List<Future<?>> work = new ArrayList<>();
        try (JdbcStoreFixture store = new JdbcStoreFixture();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < MISSIONS; i++) {
                Claim claim = store.running();
                missions.add(claim);
                work.add(threads.submit(() -> write(store, claim, Head.genesis(claim.uid()))));
            }
            for (int i = 0; i < 3; i++) {
                Random random = new Random(i);
                work.add(threads.submit(() -> {
                    while (!stop.get()) {
                        Claim old = missions.get(random.nextInt(MISSIONS));
                        Claim next = store.handOver(old);
                        List<Step> steps = store.steps().tail(old.mission()).steps();
                        Head head = steps.isEmpty()
                                ? Head.genesis(old.uid())
                                : steps.getLast().head();
                        takeovers.add(new Seen(next, head.seq()));
                        threads.submit(() -> write(store, next, head));
                    }
                }));
            }
            await().pollDelay(Duration.ofSeconds(4)).until(() -> true);
            stop.set(true);
            for (Future<?> each : work) {
                each.get();
            }
            threads.shutdown();
            assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();

            assertThat(takeovers).hasSizeGreaterThan(100);
            assertThat(committed.get()).isGreaterThan(1_000);
            assertThat(forks).as("an owner whose base went another way").isEmpty();
            for (Seen seen : takeovers) {
                assertThat(store.number(
                                "select count(*) from mission_step where mission = ? and epoch < ? and seq > ?",
                                seen.claim.mission(),
                                seen.claim.epoch(),
                                seen.lastSeq))
                        .as("stale steps behind %s", seen)
                        .isZero();
            }
        }
    }

    /** Commits one step after the other until it is fenced. */
    private void write(JdbcStoreFixture store, Claim claim, Head from) {
        Head head = from;
        while (!stop.get()) {
            Append append = append(claim, head, reply("epoch " + claim.epoch()), observation("of " + head.seq()));
            switch (store.steps().commit(append)) {
                case Committed done -> {
                    head = done.head();
                    committed.incrementAndGet();
                }
                case Fenced fenced -> {
                    return;
                }
                case Fork fork -> forks.add(claim + " on " + head + ": " + fork);
                case Behind behind -> forks.add(claim + " on " + head + ": " + behind);
            }
        }
    }

    @Test
    void everyAppendIsCommittedOnceWhilePostgresIsAwayFiveSeconds() throws Exception {
        try (TestPostgres postgres = TestPostgres.own();
                JdbcStoreFixture store = new JdbcStoreFixture(postgres.fresh(), Duration.ofSeconds(30));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Claim> missions = new ArrayList<>();
            List<Future<Head>> writers = new ArrayList<>();
            for (int i = 0; i < MISSIONS; i++) {
                Claim claim = store.running();
                missions.add(claim);
                writers.add(threads.submit(() -> chain(store, claim)));
            }
            await().until(() -> committed.get() > 500);
            postgres.kill();
            int before = committed.get();
            await().pollDelay(Duration.ofSeconds(5)).until(() -> true);
            postgres.start();
            await().atMost(Duration.ofSeconds(20)).until(() -> committed.get() > before + 1_000);
            stop.set(true);

            for (int i = 0; i < MISSIONS; i++) {
                Head head = writers.get(i).get();
                assertThat(store.number(
                                "select count(*) from mission_step where mission = ?",
                                missions.get(i).mission()))
                        .isEqualTo(head.seq());
                Head proved = Head.genesis(missions.get(i).uid());
                for (Step step : store.steps().read(missions.get(i).mission(), 0, Integer.MAX_VALUE)) {
                    assertThat(new String(step.content())).contains("step " + step.seq() + "\"");
                    proved = proved.then(step.epoch(), step.kind(), step.contentDigest());
                }
                assertThat(proved).isEqualTo(head);
            }
        }
    }

    private Head chain(JdbcStoreFixture store, Claim claim) {
        Head head = Head.genesis(claim.uid());
        while (!stop.get()) {
            Append append = append(claim, head, observation("step " + (head.seq() + 1)));
            assertThat(store.steps().commit(append)).isEqualTo(new Committed(append.head()));
            head = append.head();
            committed.incrementAndGet();
        }
        return head;
    }
}
