package dev.tagma.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.kube.Ports;
import dev.tagma.store.DatabaseSettings;
import dev.tagma.store.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Databases that commands cannot use, that others use at the same time, and that somebody tampered with. */
@Timeout(120)
class DatabaseTroubleIT {
    @TempDir
    private Path directory;

    @Test
    void aWrongPasswordIsSaidWithoutIt() throws Exception {
        Path data = directory.resolve("data");
        try (Witness witness = new Witness(directory.resolve("witness"), Duration.ofSeconds(30));
                Worker running = run(witness, 1, "--data", data.toString())) {
            Rig.waiting(Duration.ofSeconds(60)).until(() -> !witness.calls().isEmpty());
            String port = Files.readAllLines(data.resolve("postgres/postmaster.pid"))
                    .get(3)
                    .strip();
            Said said = tagma("get", "--database", "postgresql://tagma:guessed@127.0.0.1:" + port + "/postgres");
            said.refuses("password authentication failed", "PGPASSWORD");
            assertThat(said.text()).doesNotContain("guessed");
            running.interrupt();
            Rig.waiting(Duration.ofSeconds(30)).until(() -> running.printed().contains("Ctrl-C again"));
            running.interrupt();
            running.exit(10);
        }
        assertThat(tagma("get", "--data", data.toString()).code()).isZero();
        Rig.awaitStopped(data);
    }

    @Test
    void noServerIsSaid() throws Exception {
        int port = Ports.free();
        tagma("get", "--database", "postgresql://tagma@127.0.0.1:" + port + "/tagma")
                .refuses("no connection to the database", "127.0.0.1:" + port + " refused");
    }

    @Test
    void aDatabaseThatIsNotThereIsSaid() throws Exception {
        String url = url(TestPostgres.shared().empty()).replaceFirst("/[^/]*$", "/nowhere");
        tagma("get", "--database", url).refuses("database \"nowhere\" does not exist", "create it");
    }

    @Test
    void tablesOfSomethingElseAreLeftAlone() throws Exception {
        DatabaseSettings database = TestPostgres.shared().empty();
        execute(database, "create table theirs (n int)");
        tagma("get", "--database", url(database)).refuses("tables that are not Tagma's", "createdb");
        execute(database, "drop table theirs");
    }

    @Test
    void commandsWatchARunOfAnotherProcessAndFollowItToItsEnd() throws Exception {
        DatabaseSettings database = TestPostgres.shared().fresh();
        try (Witness witness = held();
                Worker running = run(witness, 20, "--database", url(database))) {
            Rig.waiting(Duration.ofSeconds(60)).until(() -> !witness.calls().isEmpty());
            try (Worker following = start("logs", "--follow", "mission/m", "--database", url(database))) {
                assertThat(tagma("get", "--database", url(database)).text()).contains("Running");
                assertThat(tagma("logs", "mission/m", "--database", url(database))
                                .text())
                        .contains("default/m Running");
                Said verified = tagma("verify", "--all", "--database", url(database));
                assertThat(verified.code()).as(verified.text()).isZero();
                assertThat(List.of(running.alive(), following.alive()))
                        .as("all of that was while it ran")
                        .containsOnly(true);
                witness.release();
                assertThat(running.exit(60)).isZero();
                assertThat(following.exit(20)).isZero();
                assertThat(following.printed()).contains("default/m Succeeded");
            }
        }
    }

    @Test
    void aChangedStepIsFoundAndNamed() throws Exception {
        DatabaseSettings database = TestPostgres.shared().fresh();
        try (Witness witness = new Witness(directory.resolve("witness"), Duration.ZERO);
                Worker running = run(witness, 3, "--database", url(database))) {
            assertThat(running.exit(60)).isZero();
        }
        assertThat(tagma("verify", "--all", "--database", url(database)).code()).isZero();
        execute(database, "update mission_step set content = set_byte(content, 9, 33) where seq = 2");
        Said changed = tagma("verify", "--all", "--database", url(database));
        assertThat(changed.code()).isEqualTo(1);
        assertThat(changed.text())
                .contains("mission default/m: BROKEN at step 2")
                .contains("0 of 1 chains intact");
    }

    @Test
    void aCutTailIsFoundAndNamed() throws Exception {
        DatabaseSettings database = TestPostgres.shared().fresh();
        try (Witness witness = new Witness(directory.resolve("witness"), Duration.ZERO);
                Worker running = run(witness, 3, "--database", url(database))) {
            assertThat(running.exit(60)).isZero();
        }
        execute(database, "delete from mission_step where seq = (select max(seq) from mission_step)");
        Said cut = tagma("verify", "--all", "--database", url(database));
        assertThat(cut.code()).isEqualTo(1);
        assertThat(cut.text()).containsPattern("mission default/m: CUT: ends at step [0-9]+, had reached [0-9]+");
    }

    /** Its calls do not end before it is told so. */
    private Witness held() throws IOException {
        Witness witness = new Witness(directory.resolve("witness"), Duration.ZERO);
        witness.hold();
        return witness;
    }

    private record Said(int code, String text) {
        void refuses(String... words) {
            assertThat(code).as(text).isEqualTo(3);
            assertThat(text).contains(words).doesNotContain("\tat ");
        }
    }

    private Said tagma(String... arguments) throws IOException, InterruptedException {
        try (Worker worker = start(arguments)) {
            int code = worker.exit(60);
            return new Said(code, worker.printed());
        }
    }

    private Worker run(Witness witness, int turns, String... store) throws IOException {
        Path manifests = Files.writeString(
                directory.resolve("missions.yaml"),
                Manifests.payments(witness, turns) + Manifests.mission("m", "{goal: Pay., maxIterations: 50}"));
        return start("run", "-f", manifests.toString(), store[0], store[1]);
    }

    private Worker start(String... arguments) throws IOException {
        return Worker.tagma(Files.createTempFile(directory, "output", ".log"), arguments);
    }

    private static String url(DatabaseSettings database) {
        return database.url().replaceFirst("jdbc:postgresql://", "postgresql://" + database.user() + "@");
    }

    private static void execute(DatabaseSettings database, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(database.url(), database.user(), "");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
