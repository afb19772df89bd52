package dev.tagma.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.mission.CommitResult;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.StepKind;
import dev.tagma.mission.step.StepContent.ModelReply;
import dev.tagma.store.DatabaseSettings;
import dev.tagma.store.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A model has replied, and its gateway does not live, or does not own the mission any more, when the reply is to be stored. */
class PaidRepliesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String YAML = Manifests.pool(
                    "- reply: {text: \"done\", inputTokens: 100, outputTokens: 10}",
                    "- {name: calculator, builtin: Calculator}",
                    "calculator")
            + Manifests.mission("m", "{goal: go, timeout: 10m}");

    private final DatabaseSettings database = TestPostgres.shared().fresh();
    private final Frozen frozen =
            new Frozen(append -> append.steps().stream().anyMatch(step -> step.kind() == StepKind.ModelReply));

    @Test
    void replyPaidGatewayKilled() throws Exception {
        try (Rig rig = new Rig(database, YAML)) {
            takeOverAfterTheReply(rig);
            MissionRecord ended = rig.succeed(PATIENCE).getFirst();
            assertThat(rig.contents(ended, ModelReply.class)).as("asked again").hasSize(1);
            assertThat(ended.spent())
                    .as("nobody knows yet what became of the first")
                    .isEqualTo(ended.usage());

            lapseReservations();
            assertThat(rig.mission().usage().modelCalls()).isOne();
            assertThat(rig.mission().spent().modelCalls()).isEqualTo(2);
            assertThat(rig.mission().charged().tokens()).as("reserved in full").isGreaterThan(110);
            frozen.thawCommits();
            frozen.thawHeartbeats();
        }
    }

    @Test
    void aReplyThatAZombieBringsIsChargedAndNotStored() {
        try (Rig rig = new Rig(database, YAML)) {
            takeOverAfterTheReply(rig);
            MissionRecord ended = rig.succeed(PATIENCE).getFirst();
            frozen.thawCommits();
            rig.await(PATIENCE, () -> frozen.results().getLast() instanceof CommitResult.Fenced);
            frozen.thawHeartbeats();
            assertThat(rig.contents(ended, ModelReply.class)).hasSize(1);
            assertThat(rig.mission().charged().tokens())
                    .as("what it really used")
                    .isEqualTo(110);
            assertThat(rig.mission().spent().tokens()).isEqualTo(220);
        }
    }

    private void takeOverAfterTheReply(Rig rig) {
        rig.submit(rig.system("zombie", frozen::over));
        rig.await(PATIENCE, frozen::reached);
        frozen.silence();
        rig.system("heir").submit(List.of());
    }

    private void lapseReservations() throws SQLException {
        try (Connection connection = DriverManager.getConnection(database.url(), database.user(), database.password());
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("update model_call set lapses_at = clock_timestamp()");
        }
    }
}
