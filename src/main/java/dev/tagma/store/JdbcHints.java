package dev.tagma.store;

import dev.tagma.mission.Hints;
import dev.tagma.mission.LocalHints;
import dev.tagma.mission.StoreUnavailableException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Hints between the processes of one database, by NOTIFY outside of every other transaction and LISTEN on a direct connection of its
 * own. Listeners of this process are told at once. What is said while the sender is busy is coalesced; after a broken connection
 * everybody is told {@link Hints#ANY}, because hints may have been lost.
 */
public final class JdbcHints implements Hints, AutoCloseable {
    /** Most hints that wait for the sender; beyond, all of each topic counts as changed. */
    static final int PENDING = 1000;

    private static final Logger LOG = System.getLogger(JdbcHints.class.getName());
    private static final String CHANNEL = "tagma_hints";
    private static final String NOTIFY = "select pg_notify('" + CHANNEL + "', hint) from unnest(?) as h(hint)";
    private static final Duration RECONNECT = Duration.ofSeconds(1);
    // Between two proofs that the connection still leads somewhere: one that is half open is silent for ever.
    private static final int QUIET_MILLIS = 2_000;
    private static final int PROBE_MILLIS = 3_000;

    private final Database database;
    private final LocalHints local = new LocalHints();
    private final String origin = UUID.randomUUID().toString();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition said = lock.newCondition();
    private final Set<Hint> pending = new LinkedHashSet<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(2);
    private volatile Connection listening;

    private record Hint(Topic topic, String key) {}

    /** Begins to listen and to send, on two threads of {@code threads} that are busy until this is closed. */
    public JdbcHints(Database database, Executor threads) {
        this.database = database;
        threads.execute(() -> run(this::send));
        threads.execute(() -> run(this::listen));
    }

    @Override
    public void changed(Topic topic, String key) {
        local.changed(topic, key);
        lock.lock();
        try {
            if (pending.size() >= PENDING) {
                pending.clear();
                for (Topic each : Topic.values()) {
                    pending.add(new Hint(each, ANY));
                }
            }
            pending.add(new Hint(topic, key));
            said.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Subscription subscribe(Topic topic, Consumer<String> listener) {
        return local.subscribe(topic, listener);
    }

    private interface Loop {
        void once() throws SQLException, InterruptedException;
    }

    /** Repeats until closed, with a pause after trouble. */
    private void run(Loop loop) {
        try {
            while (closing.getCount() > 0) {
                try {
                    loop.once();
                } catch (SQLException | StoreUnavailableException | IllegalStateException e) {
                    if (closing.getCount() > 0) {
                        LOG.log(Level.INFO, "hints pause, the rounds go on: {0}", e.getMessage());
                    }
                    closing.await(RECONNECT.toMillis(), TimeUnit.MILLISECONDS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            ended.countDown();
        }
    }

    private void send() throws InterruptedException {
        String[] hints = take().stream()
                .map(hint -> origin + " " + hint.topic() + " " + hint.key())
                .toArray(String[]::new);
        if (hints.length > 0) {
            database.query(connection -> Sql.list(connection, NOTIFY, row -> null, (Object) hints));
        }
    }

    private List<Hint> take() throws InterruptedException {
        lock.lock();
        try {
            while (pending.isEmpty() && closing.getCount() > 0) {
                said.await();
            }
            List<Hint> taken = List.copyOf(pending);
            pending.clear();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private void listen() throws SQLException {
        try (Connection connection = database.direct().getConnection();
                Statement statement = connection.createStatement()) {
            listening = connection;
            connection.setNetworkTimeout(Runnable::run, PROBE_MILLIS);
            statement.execute("listen " + CHANNEL);
            for (Topic topic : Topic.values()) {
                local.changed(topic, ANY);
            }
            PGConnection listener = connection.unwrap(PGConnection.class);
            while (closing.getCount() > 0) {
                PGNotification[] heard = listener.getNotifications(QUIET_MILLIS);
                if (heard == null || heard.length == 0) {
                    statement.execute("select 1");
                } else {
                    List.of(heard).forEach(this::hear);
                }
            }
        }
    }

    private void hear(PGNotification notification) {
        String[] parts = notification.getParameter().split(" ", 3);
        if (parts.length < 3 || parts[0].equals(origin)) {
            return;
        }
        for (Topic topic : Topic.values()) {
            // A newer binary's topic is nobody's here.
            if (topic.name().equals(parts[1])) {
                local.changed(topic, parts[2]);
            }
        }
    }

    /** Ends both threads; a hint that was not sent yet is lost. */
    @Override
    public void close() {
        closing.countDown();
        interruptListening();
        lock.lock();
        try {
            said.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            ended.await(QUIET_MILLIS + PROBE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The driver waits for notifications until its time is up, unless the connection ends. */
    private void interruptListening() {
        Connection connection = listening;
        if (connection == null) {
            return;
        }
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            LOG.log(Level.DEBUG, "the listener ends by itself: {0}", e.getMessage());
        }
    }
}
