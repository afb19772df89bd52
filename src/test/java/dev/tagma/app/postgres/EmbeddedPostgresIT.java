package dev.tagma.app.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresIT {
    private static final Path CACHE = Path.of(System.getProperty("java.io.tmpdir"), "tagma-test-cache");

    @TempDir
    Path root;

    @AfterEach
    void stopWhatIsLeft() throws IOException {
        if (Postmaster.recorded(root.resolve("postgres"))
                .filter(Postmaster::alive)
                .isPresent()) {
            EmbeddedPostgres.own(root, CACHE, "test").close();
        }
    }

    @Test
    void dataSurvivesARestartAndIsDurable() throws SQLException {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.own(root, CACHE, "test")) {
            query(postgres, "create table kept as select 42 as n");
            assertThat(query(postgres, "show fsync")).isEqualTo("on");
            assertThat(query(postgres, "show synchronous_commit")).isEqualTo("on");
            assertThat(query(postgres, "show full_page_writes")).isEqualTo("on");
            assertThat(query(postgres, "show listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(query(postgres, "show unix_socket_directories")).isEmpty();
        }
        try (EmbeddedPostgres postgres = EmbeddedPostgres.own(root, CACHE, "test")) {
            assertThat(query(postgres, "select n from kept")).isEqualTo("42");
        }
        assertThat(root.resolve("postgres/postmaster.pid")).doesNotExist();
    }

    @Test
    void aWrongPasswordIsRefused() {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.own(root, CACHE, "test")) {
            assertThatThrownBy(
                            () -> DriverManager.getConnection(postgres.address().url(), "tagma", "guess"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password authentication failed");
            assertThat(postgres.address())
                    .asString()
                    .doesNotContain(postgres.address().password());
        }
    }

    @Test
    void secondOwnerIsRefusedByName() throws Exception {
        try (PostgresOwner owner = PostgresOwner.start(root, CACHE)) {
            assertThat(owner.firstLine()).startsWith("serving ");
            assertThatThrownBy(() -> EmbeddedPostgres.own(root, CACHE, "test"))
                    .isInstanceOf(PostgresException.class)
                    .hasMessageContaining(root.toString())
                    .hasMessageContaining(owner.pid() + " (tagma run)")
                    .hasMessageContaining("--database");
        }
    }

    @Test
    void serverOfAKilledOwnerIsAdoptedAsItRuns() throws Exception {
        PostgresOwner owner = PostgresOwner.start(root, CACHE);
        long server = owner.serverPid();
        owner.kill();
        try (EmbeddedPostgres postgres = EmbeddedPostgres.own(root, CACHE, "test")) {
            assertThat(postgres.pid()).isEqualTo(server);
            assertThat(query(postgres, "select 1")).isEqualTo("1");
        }
        await().until(() ->
                ProcessHandle.of(server).filter(ProcessHandle::isAlive).isEmpty());
    }

    @Test
    void killedServerAndOwnerRecover() throws Exception {
        PostgresOwner owner = PostgresOwner.start(root, CACHE);
        owner.kill();
        ProcessHandle server = ProcessHandle.of(owner.serverPid()).orElseThrow();
        server.destroyForcibly();
        await().until(() -> !server.isAlive());
        assertThat(root.resolve("postgres/postmaster.pid")).exists();
        try (EmbeddedPostgres postgres = EmbeddedPostgres.own(root, CACHE, "test")) {
            assertThat(query(postgres, "select 1")).isEqualTo("1");
        }
    }

    @Test
    void serverThatDiesUnderItsOwnerIsStartedAgainWhereItWas() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.own(root, CACHE, "test")) {
            query(postgres, "create table kept as select 42 as n");
            for (int death = 1; death <= 2; death++) {
                long dead = postgres.pid();
                ProcessHandle.of(dead).orElseThrow().destroyForcibly();
                await().atMost(Duration.ofSeconds(30))
                        .ignoreExceptions()
                        .until(() -> postgres.pid() != dead
                                && query(postgres, "select n from kept").equals("42"));
            }
        }
        assertThat(root.resolve("postgres/postmaster.pid")).doesNotExist();
    }

    @Test
    void dataThatAreGoneAreNotReplacedAndTheirOwnerLeavesInPeace() throws Exception {
        EmbeddedPostgres postgres = EmbeddedPostgres.own(root, CACHE, "test");
        Path data = root.resolve("postgres");
        long server = postgres.pid();
        Files.move(data, root.resolve("aside"));
        ProcessHandle.of(server).orElseThrow().destroyForcibly();
        await().until(() ->
                ProcessHandle.of(server).filter(ProcessHandle::isAlive).isEmpty());
        await().during(Duration.ofSeconds(1)).until(() -> !Files.exists(data));
        postgres.close();
        assertThat(data).doesNotExist();
        assertThat(root.resolve("owner")).doesNotExist();
    }

    @Test
    void recordOfAPidThatSomebodyElseHasNowIsIgnored() throws Exception {
        EmbeddedPostgres.own(root, CACHE, "test").close();
        Files.writeString(
                root.resolve("postgres/postmaster.pid"),
                ProcessHandle.current().pid() + "\n" + root.resolve("postgres") + "\n1\n1\n\n127.0.0.1\n");
        try (EmbeddedPostgres postgres = EmbeddedPostgres.own(root, CACHE, "test")) {
            assertThat(query(postgres, "select 1")).isEqualTo("1");
        }
    }

    @Test
    void visitorUsesTheOwnersServerAndLeavesItRunning() throws Exception {
        try (PostgresOwner owner = PostgresOwner.start(root, CACHE)) {
            try (EmbeddedPostgres visited = EmbeddedPostgres.visit(root, CACHE).orElseThrow()) {
                assertThat(visited.pid()).isEqualTo(owner.serverPid());
                assertThat(query(visited, "select 1")).isEqualTo("1");
            }
            assertThat(ProcessHandle.of(owner.serverPid())).get().matches(ProcessHandle::isAlive);
        }
    }

    @Test
    void visitorStartsAServerForTheMoment() throws Exception {
        EmbeddedPostgres.own(root, CACHE, "test").close();
        long server;
        try (EmbeddedPostgres visited = EmbeddedPostgres.visit(root, CACHE).orElseThrow()) {
            server = visited.pid();
            assertThat(query(visited, "select 1")).isEqualTo("1");
        }
        await().until(() ->
                ProcessHandle.of(server).filter(ProcessHandle::isAlive).isEmpty());
    }

    @Test
    void nothingToVisitIsNoError() {
        assertThat(EmbeddedPostgres.visit(root.resolve("none"), CACHE)).isEmpty();
        assertThat(root.resolve("none")).doesNotExist();
    }

    @Test
    void dataOfAnotherVersionIsRefusedByName() throws Exception {
        EmbeddedPostgres.own(root, CACHE, "test").close();
        Files.writeString(root.resolve("postgres/PG_VERSION"), "15\n");
        assertThatThrownBy(() -> EmbeddedPostgres.own(root, CACHE, "test"))
                .isInstanceOf(PostgresException.class)
                .hasMessageContaining("made by Postgres 15")
                .hasMessageContaining("--data DIR");
    }

    @Test
    void aFileInPlaceOfTheDirectoryIsRefusedByName() throws Exception {
        Path file = Files.writeString(root.resolve("file"), "");
        assertThatThrownBy(() -> EmbeddedPostgres.own(file, CACHE, "test"))
                .isInstanceOf(PostgresException.class)
                .hasMessageContaining(file + " as data directory")
                .hasMessageContaining("it is a file");
    }

    @Test
    void brokenDataSaysWhatTheServerSaid() throws Exception {
        EmbeddedPostgres.own(root, CACHE, "test").close();
        Files.delete(root.resolve("postgres/global/pg_control"));
        assertThatThrownBy(() -> EmbeddedPostgres.own(root, CACHE, "test"))
                .isInstanceOf(PostgresException.class)
                .hasMessageContaining("pg_control")
                .hasMessageContaining("server.log");
    }

    @Test
    void passwordIsReadableByItsUserAlone() throws Exception {
        EmbeddedPostgres.own(root, CACHE, "test").close();
        assertThat(Files.getPosixFilePermissions(root.resolve("password"))).hasSize(2);
        assertThat(Files.getPosixFilePermissions(root)).hasSize(3);
    }

    private static String query(EmbeddedPostgres postgres, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        postgres.address().url(),
                        postgres.address().user(),
                        postgres.address().password());
                Statement statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return "";
            }
            try (ResultSet rows = statement.getResultSet()) {
                rows.next();
                return rows.getString(1);
            }
        }
    }
}
