package dev.tagma.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.app.postgres.EmbeddedPostgres;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class FleetsIT {
    private static final Path CACHE = Path.of(System.getProperty("user.home"), ".cache", "tagma");

    @TempDir
    Path directory;

    @Test
    @Timeout(60)
    void aCommandOutlivesTheRunWhoseDatabaseItReads() {
        Console console = new Console(System.out, System.err, Map.of(), 0, 0);
        FleetOptions options = new FleetOptions();
        options.store.data = directory;
        EmbeddedPostgres run = EmbeddedPostgres.own(directory, CACHE, "run");
        AtomicInteger attempts = new AtomicInteger();
        Fleets fleets = new Fleets(console, OpenStore::onPostgres, address -> {
            throw new AssertionError("no cluster was named");
        });
        int missions = fleets.with(options, fleet -> {
            if (attempts.incrementAndGet() == 1) {
                run.close();
            }
            return fleet.list(null).size();
        });
        assertThat(missions).isZero();
        assertThat(attempts).as("the second one started the database itself").hasValue(2);
        Rig.awaitStopped(directory);
    }
}
