package dev.tagma.app.role;

import dev.tagma.kube.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/**
 * The program's classes as a process before had loaded them: one that starts with them is ready in less than half the time. Where
 * none can be kept, processes start as they always do.
 */
final class StartCache {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Path FILE = Path.of("target", "roles.aot");

    private StartCache() {}

    /** What a JVM is told to start with them. */
    static List<String> flags() {
        return Once.FLAGS;
    }

    private static final class Once {
        private static final List<String> FLAGS = made() ? List.of("-XX:AOTCache=" + FILE) : List.of();
    }

    private static boolean made() {
        try {
            if (!current()) {
                make();
            }
            return current();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean current() throws IOException {
        return Files.exists(FILE)
                && Files.getLastModifiedTime(FILE).compareTo(Files.getLastModifiedTime(RoleProcess.PROGRAM)) > 0;
    }

    /** A gateway that waits for its database has loaded most of what any role loads before it is ready. */
    private static void make() throws IOException {
        Path output = Files.createTempFile("tagma-start", ".log");
        List<String> flags = new ArrayList<>(RoleProcess.JVM);
        flags.add("-XX:AOTCacheOutput=" + FILE);
        Map<String, String> environment = Map.of(
                "TAGMA_NAMESPACE", "none",
                "TAGMA_GATEWAY_PLAINTEXT", "true",
                "TAGMA_DATABASE_URL", "jdbc:postgresql://127.0.0.1:" + Ports.free() + "/none");
        try (RoleProcess training = RoleProcess.start(flags, "gateway", environment, Ports.free(), output)) {
            Awaitility.await().atMost(PATIENCE).until(() -> training.answers("/q/health/live"));
            training.terminate();
            training.ended(PATIENCE);
        } finally {
            Files.deleteIfExists(output);
        }
    }
}
