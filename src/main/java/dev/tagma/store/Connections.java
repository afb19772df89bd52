package dev.tagma.store;

import dev.tagma.mission.StoreUnavailableException;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.AgroalDataSource.FlushMode;
import io.agroal.api.configuration.AgroalConnectionPoolConfiguration.ConnectionValidator;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A pool of connections behind a fair semaphore, so that a thousand waiting virtual threads are served in the order of their arrival
 * and a slow reader delays nobody of another pool.
 */
final class Connections implements AutoCloseable {
    /**
     * What a process left open that is frozen, or dead on a machine that nobody told of it, is rolled back: it holds rows, and the feed of
     * changes, up. Behind a pooler this meets whichever of its connections is there; its own idle_transaction_timeout is for the others.
     */
    private static final String UNATTENDED = """
            set idle_in_transaction_session_timeout = '10s'; \
            set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 3""";

    private static final int ATTEMPTS = 3;

    private final AgroalDataSource source;
    private final Semaphore permits;
    private final Duration patience;
    private final Outage outage;

    /** {@code initialSql} may only tune: behind a pooler it may reach another session, or none. */
    Connections(DatabaseSettings settings, int size, Duration answerWithin, String initialSql, Outage outage) {
        this.outage = outage;
        this.permits = new Semaphore(size, true);
        this.patience = settings.patience();
        AgroalDataSourceConfigurationSupplier configuration = new AgroalDataSourceConfigurationSupplier()
                .metricsEnabled(false)
                .connectionPoolConfiguration(pool -> pool.initialSize(0)
                        .maxSize(size)
                        .acquisitionTimeout(patience)
                        // What idled through a restart of the server is found before it is used.
                        .connectionValidator(ConnectionValidator.defaultValidatorWithTimeout(5))
                        .idleValidationTimeout(Duration.ofSeconds(1))
                        .reapTimeout(Duration.ofMinutes(5))
                        .maxLifetime(Duration.ofMinutes(30))
                        .exceptionSorter(e -> Trouble.of(e) == Trouble.Away)
                        .connectionFactoryConfiguration(factory -> factory.jdbcUrl(settings.url())
                                .connectionProviderClassName("org.postgresql.Driver")
                                .principal(new NamePrincipal(settings.user()))
                                .credential(new SimplePassword(settings.password() == null ? "" : settings.password()))
                                .initialSql(initialSql == null ? UNATTENDED : UNATTENDED + "; " + initialSql)
                                .jdbcProperty("ApplicationName", settings.applicationName())
                                .jdbcProperty("connectTimeout", "5")
                                .jdbcProperty("socketTimeout", Long.toString(answerWithin.toSeconds()))
                                .jdbcProperty("tcpKeepAlive", "true")
                                .jdbcProperty("targetServerType", "primary")));
        try {
            this.source = AgroalDataSource.from(configuration);
        } catch (SQLException e) {
            throw Trouble.translate(e);
        }
    }

    /** Runs {@code work} in one transaction (read committed); again, at most twice, where a deadlock rolled it back. */
    <T> T transact(Work<T> work) {
        return run(work, false);
    }

    /** Runs {@code work}, whose statements are a transaction each. */
    <T> T query(Work<T> work) {
        return run(work, true);
    }

    private <T> T run(Work<T> work, boolean autoCommit) {
        for (int attempt = 1; ; attempt++) {
            try {
                return attempt(work, autoCommit);
            } catch (SQLException e) {
                if (Trouble.of(e) != Trouble.Crossed || attempt == ATTEMPTS) {
                    throw Trouble.translate(e);
                }
            }
        }
    }

    /** Whether work waits for the server now, as far as the last of it knows. */
    boolean away() {
        return outage.lasts();
    }

    /** Once, with the driver's own exception: for the committers, which know better what to do about it. */
    <T> T attempt(Work<T> work, boolean autoCommit) throws SQLException {
        acquire();
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(autoCommit);
            try {
                T result = work.run(connection);
                if (!autoCommit) {
                    connection.commit();
                }
                outage.succeeded();
                return result;
            } catch (SQLException | RuntimeException e) {
                rollback(connection, autoCommit, e);
                throw e;
            }
        } catch (SQLException e) {
            if (Trouble.of(e) == Trouble.Away) {
                outage.failed(e);
                // The others of the pool lead to the same server: better to connect anew than to fail once for each.
                source.flush(FlushMode.IDLE);
            }
            throw e;
        } finally {
            permits.release();
        }
    }

    private static void rollback(Connection connection, boolean autoCommit, Exception cause) {
        if (autoCommit) {
            return;
        }
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private void acquire() {
        try {
            if (!permits.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new StoreUnavailableException("no database connection was free within " + patience, null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("interrupted while waiting for a database connection", e);
        }
    }

    @Override
    public void close() {
        source.close();
    }

    /** A unit of work on one connection. */
    @FunctionalInterface
    interface Work<T> {
        T run(Connection connection) throws SQLException;
    }
}
