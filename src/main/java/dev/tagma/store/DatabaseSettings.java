package dev.tagma.store;

import java.time.Duration;
import java.util.Objects;

/**
 * How a process reaches its Postgres.
 *
 * @param url JDBC URL of the queries; it may lead through PgBouncer in transaction mode
 * @param directUrl JDBC URL past any pooler, for migrations and LISTEN; the same as {@code url} where there is no pooler
 * @param user database role
 * @param password or null where the server asks for none
 * @param poolSize connections for everything but commits and heartbeats, which add {@link Database#OWN_CONNECTIONS}; 1 to 500
 * @param applicationName as {@code pg_stat_activity} shows it
 * @param patience longest wait for a connection, after which the store counts as unavailable
 */
public record DatabaseSettings(
        String url,
        String directUrl,
        String user,
        String password,
        int poolSize,
        String applicationName,
        Duration patience) {
    /** Connections of a process unless something else is said. */
    public static final int DEFAULT_POOL_SIZE = 20;

    public DatabaseSettings {
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(applicationName, "applicationName");
        for (String each : new String[] {url, directUrl}) {
            if (!each.startsWith("jdbc:postgresql:")) {
                throw new IllegalArgumentException("a database URL begins with jdbc:postgresql://, not as in " + each);
            }
        }
        if (poolSize < 1 || poolSize > 500) {
            throw new IllegalArgumentException("poolSize must be 1 to 500, not " + poolSize);
        }
        if (!patience.isPositive()) {
            throw new IllegalArgumentException("patience must be positive, not " + patience);
        }
    }

    /** Everything by default, without a pooler in between. */
    public static DatabaseSettings of(String url, String user, String password) {
        return new DatabaseSettings(url, url, user, password, DEFAULT_POOL_SIZE, "tagma", Duration.ofSeconds(5));
    }

    /** The same with another pool size. */
    public DatabaseSettings withPoolSize(int size) {
        return new DatabaseSettings(url, directUrl, user, password, size, applicationName, patience);
    }

    /** The same with another patience. */
    public DatabaseSettings withPatience(Duration longest) {
        return new DatabaseSettings(url, directUrl, user, password, poolSize, applicationName, longest);
    }
}
