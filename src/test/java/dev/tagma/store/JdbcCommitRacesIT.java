package dev.tagma.store;

import static dev.tagma.store.Steps.append;
import static dev.tagma.store.Steps.ending;
import static dev.tagma.store.Steps.first;
import static dev.tagma.store.Steps.observation;
import static dev.tagma.store.Steps.reply;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tagma.mission.Append;
import dev.tagma.mission.Claim;
import dev.tagma.mission.CommitResult;
import dev.tagma.mission.CommitResult.Committed;
import dev.tagma.mission.CommitResult.Fenced;
import dev.tagma.mission.Digest;
import dev.tagma.mission.Head;
import dev.tagma.mission.NewStep;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.Reason;
import dev.tagma.mission.Step;
import dev.tagma.mission.StepKind;
import dev.tagma.mission.StepLog;
import dev.tagma.mission.StoreUnavailableException;
import dev.tagma.mission.Usage;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JdbcCommitRacesIT {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private JdbcStoreFixture store;
    private DatabaseSettings settings;

    @BeforeEach
    void open() {
        settings = TestPostgres.shared().fresh();
        store = new JdbcStoreFixture(settings, JdbcStepLog.PATIENCE);
    }

    @AfterEach
    void close() {
        threads.close();
        store.close();
    }

    /** A connection of an older backend, in a transaction that nobody has decided. */
    private Connection undecided() throws SQLException {
        Connection connection = store.database().direct().getConnection();
        connection.setAutoCommit(false);
        return connection;
    }

    private Future<CommitResult> commit(Append append) {
        return threads.submit(() -> store.steps().commit(append));
    }

    private static void staysOpen(Future<?> future) {
        await().during(Duration.ofMillis(150)).until(() -> !future.isDone());
    }

    private List<Step> stored(Claim claim) {
        return store.steps().read(claim.mission(), 0, 100);
    }

    @Test
    void takeoverDuringCommitFences() throws Exception {
        Claim claim = store.running();
        try (Connection takeover = undecided()) {
            takeover.createStatement().execute("update mission set epoch = epoch + 1 where id = " + claim.mission());
            Future<CommitResult> late = commit(first(claim, reply("stale")));
            staysOpen(late);
            takeover.commit();
            assertThat(late.get()).isEqualTo(new Fenced(claim.epoch() + 1));
        }
        assertThat(stored(claim)).isEmpty();
    }

    @Test
    void takeoverWaitsForTheCommitThatCameFirst() throws Exception {
        Claim claim = store.running();
        Append append = first(claim, reply("in time"));
        try (Connection writer = undecided()) {
            assertThat(CommitStatement.store(writer, List.of(PendingAppend.of(append, null))))
                    .hasSize(1);
            Future<Claim> takeover = threads.submit(() -> store.handOver(claim));
            staysOpen(takeover);
            writer.commit();
            takeover.get();
        }
        assertThat(store.steps().tail(claim.mission()).steps())
                .as("the next owner sees it")
                .hasSize(1);
    }

    @Test
    void commitAckLostResentElsewhere() throws Exception {
        Claim claim = store.running();
        Append append = first(claim, reply("once"), observation("once"));
        try (JdbcStoreFixture elsewhere = new JdbcStoreFixture(settings, JdbcStepLog.PATIENCE)) {
            assertThat(store.steps().commit(append)).isEqualTo(new Committed(append.head()));
            assertThat(elsewhere.steps().commit(append)).isEqualTo(new Committed(append.head()));
        }
        assertThat(stored(claim)).hasSize(2);
    }

    @Test
    void gatewayDiesBetweenCommitAndAck() throws Exception {
        Claim claim = store.running();
        Append append = ending(claim, Head.genesis(claim.uid()), Outcome.succeeded("once", null), reply("once"));
        try (LossyProxy network = new LossyProxy(port(settings));
                JdbcStoreFixture dying = new JdbcStoreFixture(through(network), Duration.ofMillis(100))) {
            dying.steps().commit(first(store.running(), reply("the connection is open")));
            network.loseAnswers();
            assertThatThrownBy(() -> dying.steps().commit(append)).isInstanceOf(StoreUnavailableException.class);
        }
        assertThat(store.steps().commit(append)).isEqualTo(new Committed(append.head()));
        assertThat(stored(claim)).hasSize(1);
    }

    @Test
    void lostAnswerIsFoundOutByTheSameGateway() throws Exception {
        Claim claim = store.running();
        Append append = first(claim, reply("once"));
        try (LossyProxy network = new LossyProxy(port(settings));
                JdbcStoreFixture gateway = new JdbcStoreFixture(through(network), JdbcStepLog.PATIENCE)) {
            gateway.steps().commit(first(store.running(), reply("the connection is open")));
            network.loseAnswers();
            Future<CommitResult> answer = threads.submit(() -> gateway.steps().commit(append));
            await().until(() -> !stored(claim).isEmpty());
            staysOpen(answer);
            network.heal();
            assertThat(answer.get()).isEqualTo(new Committed(append.head()));
        }
        assertThat(stored(claim)).hasSize(1);
    }

    @Test
    void inDoubtCommitBlocksResend() throws Exception {
        Claim claim = store.running();
        Append append = first(claim, reply("in doubt"));
        try (Connection orphan = undecided()) {
            CommitStatement.store(orphan, List.of(PendingAppend.of(append, null)));
            Future<CommitResult> resend = commit(append);
            staysOpen(resend);
            orphan.commit();
            assertThat(resend.get()).isEqualTo(new Committed(append.head()));
        }
        Append next = append(claim, append.head(), reply("lost"));
        try (Connection orphan = undecided()) {
            CommitStatement.store(orphan, List.of(PendingAppend.of(next, null)));
            Future<CommitResult> resend = commit(next);
            staysOpen(resend);
            orphan.rollback();
            assertThat(resend.get()).isEqualTo(new Committed(next.head()));
        }
        assertThat(stored(claim)).hasSize(2);
    }

    @Test
    void resendGivesUpWhileTheDoubtLasts() throws Exception {
        Claim claim = store.running();
        Append append = first(claim, reply("in doubt"));
        try (Connection orphan = undecided();
                JdbcStoreFixture hasty = new JdbcStoreFixture(settings, Duration.ofMillis(100))) {
            CommitStatement.store(orphan, List.of(PendingAppend.of(append, null)));
            assertThatThrownBy(() -> hasty.steps().commit(append))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining(claim.uid().toString());
        }
    }

    @Test
    void nulByteInGroup() throws Exception {
        List<Append> group = ten();
        byte[] nul = "\0".getBytes(StandardCharsets.UTF_8);
        Claim claim = store.running();
        Append content = first(claim, new NewStep(StepKind.Observation, nul, Digest.sha256(nul), Usage.NONE));
        group.add(content);
        Claim ended = store.running();
        group.add(ending(
                ended,
                Head.genesis(ended.uid()),
                Outcome.failed(Reason.ToolFailed, "a \0 in the message"),
                reply("\0")));

        assertThat(inOneGroup(group)).allMatch(Committed.class::isInstance);
        assertThat(stored(claim).getFirst().content()).isEqualTo(nul);
    }

    @Test
    void oneBadRowDoesNotAbortItsGroup() throws Exception {
        Claim claim = store.running();
        Append full = first(
                claim,
                new NewStep(StepKind.Feedback, new byte[0], Digest.sha256(), new Usage(0, 0, 0, Long.MAX_VALUE, 0, 0)));
        store.steps().commit(full);
        List<Append> group = ten();
        group.add(4, append(claim, full.head(), reply("one token more than a bigint holds")));

        List<Object> answers = inOneGroup(group);
        assertThat(answers.remove(4)).isInstanceOf(IllegalStateException.class);
        assertThat(answers).allMatch(Committed.class::isInstance);
        assertThat(stored(claim)).hasSize(1);
    }

    @Test
    void lockedMissionDoesNotBlockGroup() throws Exception {
        List<Append> group = ten();
        Claim claim = group.get(3).claim();
        try (Connection takeover = undecided()) {
            takeover.createStatement().execute("select from mission where id = " + claim.mission() + " for update");
            List<Future<CommitResult>> answers = new ArrayList<>();
            group.forEach(append -> answers.add(commit(append)));
            Future<CommitResult> held = answers.remove(3);
            for (Future<CommitResult> answer : answers) {
                assertThat(answer.get()).isInstanceOf(Committed.class);
            }
            staysOpen(held);
            takeover.rollback();
            assertThat(held.get()).isInstanceOf(Committed.class);
        }
    }

    private List<Append> ten() {
        List<Append> appends = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            appends.add(first(store.running(), reply("step " + i)));
        }
        return appends;
    }

    /** Commits all in the same group; answers in order, or the exceptions. */
    private List<Object> inOneGroup(List<Append> appends) throws Exception {
        GatedExecutor gated = new GatedExecutor(threads);
        StepLog log = new JdbcStepLog(store.database(), gated, JdbcStepLog.PATIENCE);
        List<Thread> callers = new ArrayList<>();
        List<Object> answers = new ArrayList<>(appends);
        for (int i = 0; i < appends.size(); i++) {
            int place = i;
            callers.add(Thread.startVirtualThread(() -> {
                try {
                    answers.set(place, log.commit(appends.get(place)));
                } catch (IllegalStateException e) {
                    answers.set(place, e);
                }
            }));
        }
        await().until(() -> callers.stream().allMatch(caller -> caller.getState() == Thread.State.WAITING));
        gated.open();
        for (Thread caller : callers) {
            caller.join();
        }
        return answers;
    }

    private static int port(DatabaseSettings settings) {
        return URI.create(settings.url().substring("jdbc:".length())).getPort();
    }

    private DatabaseSettings through(LossyProxy network) {
        return DatabaseSettings.of(
                settings.url().replace(":" + port(settings) + "/", ":" + network.port() + "/"), settings.user(), null);
    }
}
