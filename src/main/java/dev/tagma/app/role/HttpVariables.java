package dev.tagma.app.role;

import java.time.Duration;
import java.util.List;

/** Where every role answers HTTP. Quarkus reads them by application.properties. */
final class HttpVariables {
    static final Setting HOST = Setting.optional("TAGMA_HTTP_HOST", "0.0.0.0", "address of health, metrics and REST");
    static final Setting PORT = Setting.optional("TAGMA_HTTP_PORT", "8080", "their port; 0 takes a free one");
    static final Setting TLS_PORT = Setting.optional(
            "TAGMA_HTTPS_PORT",
            "8443",
            "the port of the same over TLS, where TAGMA_TLS_CERT and TAGMA_TLS_KEY are set");
    static final Setting REREAD =
            Setting.optional("TAGMA_TLS_REREAD_SECONDS", "60", "how often the certificate of that port is read again");
    static final Setting IDLE = Setting.optional(
            "TAGMA_HTTP_IDLE_SECONDS", "60", "a connection over which nothing came and nothing went so long is closed");
    static final Setting LOG_LEVEL = Setting.optional("TAGMA_LOG_LEVEL", "INFO", "DEBUG, INFO, WARN or ERROR");

    static final List<Setting> ALL = List.of(HOST, PORT, TLS_PORT, REREAD, IDLE, LOG_LEVEL);

    private HttpVariables() {}

    static void check(Environment environment) {
        environment.number(PORT, 0, 65_535);
        environment.number(TLS_PORT, 0, 65_535);
        environment.number(REREAD, 30, 86_400);
        idle(environment);
        environment.parsed(LOG_LEVEL, "", "DEBUG, INFO, WARN or ERROR", level -> {
            if (!List.of("DEBUG", "INFO", "WARN", "ERROR").contains(level)) {
                throw new IllegalArgumentException(level);
            }
            return level;
        });
    }

    /** Longest silence on a connection; a listener to events that reads nothing is cut off by it. */
    static Duration idle(Environment environment) {
        return Duration.ofSeconds(environment.number(IDLE, 2, 3_600));
    }
}
