package dev.tagma.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tagma.mission.StoreUnavailableException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class DatabaseIT {
    private static long number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static int execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }

    @Test
    void serverOfTheTestsIsDurable() {
        try (Database database = new Database(TestPostgres.shared().fresh())) {
            for (String setting : List.of("fsync", "synchronous_commit", "full_page_writes")) {
                assertThat(database.<String>query(c -> Sql.first(c, "show " + setting, row -> row.getString(1))
                                .orElseThrow()))
                        .as(setting)
                        .isEqualTo("on");
            }
        }
    }

    @Test
    void twoProcessesMigrateAtOnce() throws Exception {
        DatabaseSettings settings = TestPostgres.shared().empty();
        try (Database one = new Database(settings);
                Database other = new Database(settings);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> first = threads.submit(one::migrate);
            Future<?> second = threads.submit(other::migrate);
            first.get();
            second.get();
            assertThat(one.<Long>query(c -> number(c, "select count(*) from mission")))
                    .isZero();
        }
    }

    @Test
    void migratingWithoutAConnectionSaysWhy() {
        DatabaseSettings right = TestPostgres.shared().empty();
        for (var wrong : Map.of(
                        DatabaseSettings.of("jdbc:postgresql://127.0.0.1:1/x", "u", ""), "127.0.0.1:1 refused",
                        DatabaseSettings.of(right.url() + "nowhere", right.user(), right.password()), "does not exist")
                .entrySet()) {
            try (Database database = new Database(wrong.getKey())) {
                assertThatThrownBy(database::migrate)
                        .isInstanceOf(StoreUnavailableException.class)
                        .hasMessageContaining(wrong.getValue());
            }
        }
    }

    @Test
    void whatAFrozenProcessLeftOpenIsRolledBackAndHoldsNobodyUp() throws Exception {
        DatabaseSettings settings = TestPostgres.shared().fresh();
        CountDownLatch thaw = new CountDownLatch(1);
        try (Database frozen = new Database(settings);
                Database other = new Database(settings);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            other.query(c -> execute(c, "create table held as select 1 as n"));
            CountDownLatch holds = new CountDownLatch(1);
            Future<?> left = threads.submit(() -> frozen.transact(c -> {
                execute(c, "update held set n = 2");
                holds.countDown();
                awaitUninterrupted(thaw);
                return execute(c, "update held set n = 3");
            }));
            holds.await();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(40))
                    .ignoreException(StoreUnavailableException.class)
                    .until(() -> other.transact(c -> execute(c, "update held set n = n + 10")) == 1);
            thaw.countDown();
            assertThatThrownBy(left::get).hasCauseInstanceOf(StoreUnavailableException.class);
            assertThat(other.<Long>query(c -> number(c, "select n from held"))).isEqualTo(11);
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void failedWorkLeavesNothingBehind() {
        try (Database database = new Database(TestPostgres.shared().fresh())) {
            assertThatThrownBy(() -> database.transact(c -> {
                        execute(c, "insert into mission_spec values (1, 'x')");
                        throw new IllegalArgumentException("enough");
                    }))
                    .hasMessage("enough");
            assertThat(database.<Long>query(c -> number(c, "select count(*) from mission_spec")))
                    .isZero();
        }
    }

    @Test
    void wrongStatementIsNotCalledAnOutage() {
        try (Database database = new Database(TestPostgres.shared().fresh())) {
            assertThatThrownBy(() -> database.query(c -> execute(c, "insert into nowhere values (1)")))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("nowhere");
        }
    }

    @Test
    void exhaustedPoolIsAnOutageAfterThePatience() throws Exception {
        DatabaseSettings settings =
                TestPostgres.shared().fresh().withPoolSize(1).withPatience(Duration.ofMillis(50));
        try (Database database = new Database(settings);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Awaitility.await("connections, which may take longer than the patience")
                    .ignoreException(StoreUnavailableException.class)
                    .until(() -> database.<Long>query(c -> number(c, "select 1")) == 1
                            && database.heartbeats().<Long>query(c -> number(c, "select 1")) == 1);
            CountDownLatch held = new CountDownLatch(1);
            CountDownLatch done = new CountDownLatch(1);
            Future<Long> holder = threads.submit(() -> database.<Long>query(c -> {
                held.countDown();
                await(done);
                return number(c, "select 1");
            }));
            assertThat(held.await(30, TimeUnit.SECONDS)).isTrue();
            assertThatThrownBy(() -> database.query(c -> number(c, "select 1")))
                    .isInstanceOf(StoreUnavailableException.class);
            assertThat(database.heartbeats().<Long>query(c -> number(c, "select 1")))
                    .as("heartbeats have connections of their own")
                    .isOne();
            done.countDown();
            assertThat(holder.get()).isOne();
        }
    }

    @Test
    void stoppedServerIsAnOutageAndTheNextServerServes() {
        try (TestPostgres postgres = TestPostgres.own();
                Database database = new Database(postgres.fresh())) {
            assertThat(database.<Long>query(c -> number(c, "select 1"))).isOne();
            postgres.kill();
            assertThatThrownBy(() -> database.query(c -> number(c, "select 1")))
                    .isInstanceOf(StoreUnavailableException.class);
            postgres.start();
            assertThat(database.<Long>query(c -> number(c, "select 1"))).isOne();
        }
    }

    @Test
    void readOnlyServerIsAnOutage() {
        try (Database database = new Database(TestPostgres.shared().fresh())) {
            assertThatThrownBy(() -> database.transact(c -> {
                        execute(c, "set local transaction_read_only = on");
                        return execute(c, "insert into mission_spec values (1, 'x')");
                    }))
                    .isInstanceOf(StoreUnavailableException.class);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
