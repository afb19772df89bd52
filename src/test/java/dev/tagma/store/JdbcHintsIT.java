package dev.tagma.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.tagma.mission.Hints;
import dev.tagma.mission.Hints.Topic;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JdbcHintsIT {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Database database = new Database(TestPostgres.shared().fresh());
    private final JdbcHints one = new JdbcHints(database, threads);
    private final JdbcHints other = new JdbcHints(database, threads);
    private final List<String> heard = new CopyOnWriteArrayList<>();

    @BeforeEach
    void listen() {
        other.subscribe(Topic.Queue, heard::add);
        awaitListeners(2);
        heard.clear();
    }

    @AfterEach
    void close() {
        one.close();
        other.close();
        threads.close();
        database.close();
    }

    private void awaitListeners(int count) {
        await().until(() -> database.query(connection -> Sql.first(
                                connection,
                                "select count(*) from pg_stat_activity where datname = current_database() "
                                        + "and query in ('listen tagma_hints', 'select 1') and pid <> pg_backend_pid()",
                                row -> row.getInt(1)))
                        .orElse(0)
                == count);
    }

    @Test
    void anotherProcessHearsIt() {
        one.changed(Topic.Mission, "m");
        one.changed(Topic.Queue, "p with blanks");
        await().untilAsserted(() -> assertThat(heard).contains("p with blanks"));
        assertThat(heard).doesNotContain("m");
    }

    @Test
    void ownListenersHearItAtOnceAndOnce() {
        other.changed(Topic.Queue, "own");
        assertThat(heard).containsOnlyOnce("own");
        one.changed(Topic.Queue, "later");
        await().until(() -> heard.contains("later"));
        assertThat(heard).containsOnlyOnce("own");
    }

    @Test
    void floodIsCoalesced() {
        for (int i = 0; i < 20 * JdbcHints.PENDING; i++) {
            one.changed(Topic.Queue, "key " + i % 7);
        }
        await().until(() -> heard.size() >= 7 || heard.contains(Hints.ANY));
        assertThat(heard).hasSizeLessThan(10 * JdbcHints.PENDING);
    }

    @Test
    void brokenListenerComesBackAndDistrustsWhatItKnew() {
        database.query(connection -> Sql.list(
                connection,
                "select pg_terminate_backend(pid) from pg_stat_activity "
                        + "where datname = current_database() and pid <> pg_backend_pid()",
                row -> null));
        await().until(() -> heard.contains(Hints.ANY));
        one.changed(Topic.Queue, "after");
        await().until(() -> heard.contains("after"));
    }

    @Test
    void closeDoesNotWaitForTheNextNotification() {
        assertTimeout(Duration.ofSeconds(1), other::close);
    }
}
