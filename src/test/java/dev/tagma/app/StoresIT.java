package dev.tagma.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.app.postgres.EmbeddedPostgres;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class StoresIT {
    private static final Path CACHE = Path.of(System.getProperty("user.home"), ".cache", "tagma");

    @TempDir
    Path directory;

    @Test
    @Timeout(60)
    void aCommandOutlivesTheRunWhoseDatabaseItReads() {
        Console console = new Console(System.out, System.err, Map.of(), 0, 0);
        StoreOptions options = new StoreOptions();
        options.data = directory;
        EmbeddedPostgres run = EmbeddedPostgres.own(directory, CACHE, "run");
        AtomicInteger attempts = new AtomicInteger();
        int missions = new Stores(console, OpenStore::onPostgres).with(options, open -> {
            if (attempts.incrementAndGet() == 1) {
                run.close();
            }
            return open.missions().changes(0, 10).size();
        });
        assertThat(missions).isZero();
        assertThat(attempts).as("the second one started the database itself").hasValue(2);
        Rig.awaitStopped(directory);
    }
}
