package dev.tagma.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tagma.dispatch.Bindings.Takeover;
import dev.tagma.mission.Claim;
import dev.tagma.mission.CommitResult.Fenced;
import dev.tagma.mission.MissionStore.Release;
import dev.tagma.mission.StoreUnavailableException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A server lost with commits that its standby never received, and the standby promoted. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PromotionIT extends StoreContract {
    private final TestPostgres server = TestPostgres.own();
    private JdbcStoreFixture jdbc;

    @Override
    StoreFixture open() {
        jdbc = new JdbcStoreFixture(server.fresh(), JdbcStepLog.PATIENCE);
        return jdbc;
    }

    @AfterAll
    void closeServer() {
        server.close();
    }

    @Test
    void epochNotReusedAfterAsyncFailover() throws IOException, SQLException {
        Claim shared = running().claim();
        long instance = find(shared.uid()).instance();
        Path standby = copyForAStandby();
        store.missions().release(shared, new Release.HandBack());
        Claim lost = bindOne(register("b", 1)).claim();
        long version = find(shared.uid()).version();

        promote(standby);

        assertThat(find(shared.uid()).claim()).as("the hand-over is lost").isEqualTo(shared);
        assertThat(store.bindings().takeOver()).as("every lease begins anew").isEqualTo(new Takeover(List.of(), 0, 0));
        lapse();
        assertThat(store.bindings().takeOver().dead()).containsExactly(instance);
        Claim next = bindOne(register("c", 1)).claim();
        assertThat(next.epoch()).isGreaterThan(lost.epoch());
        assertThat(commit(lost, genesis(lost), "of the lost owner")).isInstanceOf(Fenced.class);
        assertThat(find(shared.uid()).version()).as("readers of changes see it").isGreaterThan(version);
    }

    /** Stops the server, copies its data, starts it. */
    private Path copyForAStandby() throws IOException {
        server.stop();
        Path copy = server.data().resolveSibling("standby");
        copy(server.data(), copy);
        server.start();
        awaitStore();
        return copy;
    }

    /** Loses the connections to the server's former life. */
    private void awaitStore() {
        await().ignoreException(StoreUnavailableException.class).until(() -> jdbc.number("select 1") == 1);
    }

    /** Kills the server; what {@code standby} holds goes on in its place. */
    private void promote(Path standby) throws IOException, SQLException {
        server.kill();
        Files.move(server.data(), server.data().resolveSibling("lost"));
        Files.move(standby, server.data());
        Path signal = Files.createFile(server.data().resolve("standby.signal"));
        Files.getFileAttributeView(signal, PosixFileAttributeView.class).setOwner(Files.getOwner(server.data()));
        server.start();
        try (Connection connection = jdbc.database().direct().getConnection()) {
            assertThat(Sql.first(connection, "select pg_promote()", row -> row.getBoolean(1)))
                    .contains(true);
        }
        awaitStore();
    }

    /** Copies files with their owners and permissions, which Postgres insists on. */
    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                return one(directory);
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                return one(file);
            }

            private FileVisitResult one(Path source) throws IOException {
                Path target = to.resolve(from.relativize(source));
                Files.copy(source, target);
                PosixFileAttributeView view = Files.getFileAttributeView(target, PosixFileAttributeView.class);
                view.setPermissions(Files.getPosixFilePermissions(source));
                view.setOwner(Files.getOwner(source));
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
