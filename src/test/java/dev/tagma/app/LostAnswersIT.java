package dev.tagma.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.gateway.GatewayStores;
import dev.tagma.mission.Append;
import dev.tagma.mission.Claim;
import dev.tagma.mission.CommitResult;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.Reason;
import dev.tagma.mission.Step;
import dev.tagma.mission.StepKind;
import dev.tagma.mission.StepLog;
import dev.tagma.mission.StoreUnavailableException;
import dev.tagma.mission.Usage;
import dev.tagma.mission.step.StepContent.Observation;
import dev.tagma.model.ModelCalls;
import dev.tagma.store.DatabaseSettings;
import dev.tagma.store.TestPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store did what it was asked, and its answer was lost on the way. */
class LostAnswersIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    @Test
    void unstartedCallOfTheSameReplyStillRuns() throws Exception {
        try (Witness witness = new Witness(directory.resolve("witness"), Duration.ZERO);
                Rig rig = new Rig(
                        TestPostgres.shared().fresh(),
                        Manifests.pool(
                                        """
                                - when: {turn: 0}
                                  reply: {toolCalls: [{tool: pay, arguments: {turn: 1}}, {tool: note, arguments: {turn: 2}}]}
                                - reply: {text: "done"}
                                """,
                                        Manifests.witnessed("pay", witness, "POST", "")
                                                + Manifests.witnessed("note", witness, "POST", ""),
                                        "pay",
                                        "note")
                                + Manifests.mission("m", "{goal: go}"))) {
            LosesOneAnnouncement loses = new LosesOneAnnouncement();
            rig.submit(rig.system("only", loses::over));
            MissionRecord ended = rig.succeed(PATIENCE).getFirst();
            assertThat(rig.contents(ended, Observation.class))
                    .extracting(Observation::result)
                    .containsOnly(Observation.Result.Ok)
                    .hasSize(2);
            assertThat(witness.calls()).hasSize(2);
            assertThat(rig.count(ended, StepKind.ToolStarted)).isEqualTo(2);
        }
    }

    @Test
    void aReservationWhoseAnswerWasLostDelaysNobody() {
        try (Rig rig = new Rig(
                TestPostgres.shared().fresh(),
                Manifests.pool("- reply: {text: \"done\"}", "- {name: calculator, builtin: Calculator}", "calculator")
                        + Manifests.mission("m", "{goal: go, timeout: 1m}"))) {
            rig.submit(rig.system("only", LostAnswersIT::losingOneReservation));
            MissionRecord ended = rig.succeed(PATIENCE).getFirst();
            assertThat(ended.spent()).as("paid once").isEqualTo(ended.usage());
            assertThat(ended.usage().modelCalls()).isOne();
        }
    }

    @Test
    void aStepThatCannotBeReadFailsItsMissionAndNoOther() throws Exception {
        DatabaseSettings database = TestPostgres.shared().fresh();
        try (Rig rig = new Rig(
                database,
                Manifests.pool("""
                        - when: {turn: 0}
                          reply: {toolCalls: [{tool: calculator, arguments: {expression: "1 + 1"}}]}
                        - when: {turn: 1, goalContains: broken}
                          fault: {kind: Hang}
                        - reply: {text: "done"}
                        """, "- {name: calculator, builtin: Calculator}", "calculator")
                        + Manifests.mission("broken", "{goal: broken, retry: {limit: 0}}"))) {
            EmbeddedSystem first = rig.system("first");
            rig.submit(first);
            rig.await(PATIENCE, () -> rig.count(rig.mission(), StepKind.Observation) == 1);
            first.close();
            try (Connection connection =
                            DriverManager.getConnection(database.url(), database.user(), database.password());
                    Statement statement = connection.createStatement()) {
                statement.executeUpdate("update mission_step set content = 'rubbish' where seq = 2");
            }
            rig.system("second").submit(List.of());
            rig.await(PATIENCE, () -> rig.mission().phase().terminal());
            assertThat(rig.mission().reason()).isEqualTo(Reason.InternalError);
            assertThat(rig.mission().message()).contains("its history cannot be read");
        }
    }

    private static GatewayStores losingOneReservation(GatewayStores ports) {
        AtomicBoolean lost = new AtomicBoolean();
        ModelCalls book = ports.calls();
        ModelCalls troubled = new ModelCalls() {
            @Override
            public Reservation reserve(Claim claim, long baseSeq, Estimate estimate, Duration validity) {
                Reservation answer = book.reserve(claim, baseSeq, estimate, validity);
                if (lost.compareAndSet(false, true)) {
                    throw new StoreUnavailableException("the answer was lost", null);
                }
                return answer;
            }

            @Override
            public void renew(Collection<Reserved> calls, Duration validity) {
                book.renew(calls, validity);
            }

            @Override
            public CommitResult settle(Reserved call, Append append) {
                return book.settle(call, append);
            }

            @Override
            public void release(Reserved call) {
                book.release(call);
            }

            @Override
            public void charge(Reserved call, Usage usage) {
                book.charge(call, usage);
            }

            @Override
            public Usage lapsed(long mission) {
                return book.lapsed(mission);
            }
        };
        return new GatewayStores(
                ports.steps(),
                ports.missions(),
                ports.pools(),
                ports.instances(),
                ports.bindings(),
                troubled,
                ports.hints());
    }

    /** Stores the first announcement of a call and loses the answer. */
    private static final class LosesOneAnnouncement {
        private final AtomicBoolean lost = new AtomicBoolean();

        GatewayStores over(GatewayStores ports) {
            StepLog log = ports.steps();
            StepLog troubled = new StepLog() {
                @Override
                public CommitResult commit(Append append) {
                    CommitResult result = log.commit(append);
                    boolean announces = !append.steps().isEmpty()
                            && append.steps().getFirst().kind() == StepKind.ToolStarted;
                    if (announces && lost.compareAndSet(false, true)) {
                        throw new StoreUnavailableException("the answer was lost", null);
                    }
                    return result;
                }

                @Override
                public Tail tail(long mission) {
                    return log.tail(mission);
                }

                @Override
                public List<Step> read(long mission, long afterSeq, int limit) {
                    return log.read(mission, afterSeq, limit);
                }
            };
            return new GatewayStores(
                    troubled,
                    ports.missions(),
                    ports.pools(),
                    ports.instances(),
                    ports.bindings(),
                    ports.calls(),
                    ports.hints());
        }
    }
}
