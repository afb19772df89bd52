package dev.tagma.app.role;

import dev.tagma.store.DatabaseSettings;
import java.time.Duration;
import java.util.List;

/** Where the roles that keep missions find their Postgres. */
final class DatabaseVariables {
    static final Setting URL = Setting.required(
            "TAGMA_DATABASE_URL",
            "where Postgres is, as jdbc:postgresql://HOST:PORT/NAME; it may lead through PgBouncer");
    static final Setting DIRECT_URL =
            Setting.optional("TAGMA_DATABASE_DIRECT_URL", "", "the same past PgBouncer, for migrations and LISTEN");
    static final Setting USER = Setting.optional("TAGMA_DATABASE_USER", "tagma", "its role");
    static final Setting PASSWORD = Setting.optional("TAGMA_DATABASE_PASSWORD", "", "the role's password");
    static final Setting PASSWORD_FILE =
            Setting.optional("TAGMA_DATABASE_PASSWORD_FILE", "", "the file that holds the password, in its place");
    static final Setting CONNECTIONS = Setting.optional(
            "TAGMA_DATABASE_CONNECTIONS",
            Integer.toString(DatabaseSettings.DEFAULT_POOL_SIZE),
            "connections of this process, and 5 for commits and heartbeats");

    static final List<Setting> ALL = List.of(URL, DIRECT_URL, USER, PASSWORD, PASSWORD_FILE, CONNECTIONS);

    private static final String NONE = "jdbc:postgresql:";
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private DatabaseVariables() {}

    static DatabaseSettings read(Environment environment, String applicationName) {
        String url = url(environment, URL);
        String direct = url(environment, DIRECT_URL);
        return new DatabaseSettings(
                url,
                direct.equals(NONE) ? url : direct,
                environment.text(USER),
                environment.secret(PASSWORD, PASSWORD_FILE),
                environment.number(CONNECTIONS, 1, 500),
                applicationName,
                PATIENCE);
    }

    /** Others' notation, {@code postgresql://}, is understood. A login belongs in the other variables: a URL is shown in messages. */
    private static String url(Environment environment, Setting setting) {
        return environment.parsed(
                setting, NONE, "a URL such as jdbc:postgresql://HOST:PORT/NAME without a login", value -> {
                    String url = value.replaceFirst("^(jdbc:)?postgres(ql)?://", "jdbc:postgresql://");
                    if (!url.startsWith("jdbc:postgresql://") || url.contains("@")) {
                        throw new IllegalArgumentException(value);
                    }
                    return url;
                });
    }
}
