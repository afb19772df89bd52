package dev.tagma.app;

import dev.tagma.app.fleet.ClusterAddress;
import dev.tagma.app.fleet.ClusterFleet;
import dev.tagma.app.fleet.Fleet;
import dev.tagma.app.postgres.EmbeddedPostgres;
import dev.tagma.mission.StoreUnavailableException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/** Lets a command work on the missions that its options name, and leaves them afterwards. */
final class Fleets {
    /** How long an embedded Postgres that goes away under a command is looked for again. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** How long it may stay silent before it is looked for. */
    private static final Duration SILENCE = Duration.ofSeconds(3);

    private final Console console;
    private final OpenStore.Opener stores;
    private final ClusterFleet.Opener clusters;

    Fleets(Console console, OpenStore.Opener stores, ClusterFleet.Opener clusters) {
        this.console = console;
        this.stores = stores;
        this.clusters = clusters;
    }

    /**
     * What {@code work} answers; an embedded Postgres that does not run is started for as long as that takes. One that runs ends with the
     * run that owns it: work that this hits is done again from its beginning. Throws CommandException where nothing was ever stored.
     */
    int with(FleetOptions options, ToIntFunction<Fleet> work) {
        return ifAny(options, fleet -> Optional.of(work.applyAsInt(fleet)))
                .orElseThrow(
                        () -> new CommandException(
                                ExitCode.CannotRun,
                                "no missions were ever run with " + place(options)
                                        + ": run some with `tagma run -f FILE`, or name their place with --data DIR or --database URL (of a cluster with --context NAME)"));
    }

    /** The embedded Postgres' directory, as people know it. */
    Path place(FleetOptions options) {
        return options.store.directory(console).toAbsolutePath().normalize();
    }

    /** The same; empty where nothing was ever stored, or {@code work} answers nothing. */
    <T> Optional<T> ifAny(FleetOptions options, Function<Fleet, Optional<T>> work) {
        Optional<ClusterAddress> cluster = options.cluster(console);
        if (cluster.isPresent()) {
            try (Fleet fleet = clusters.open(cluster.get())) {
                return work.apply(fleet);
            }
        }
        DatabaseAddress named = options.store.named(console);
        if (named != null) {
            return stored(named, OpenStore.PATIENCE, work);
        }
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return embedded(options.store, work);
            } catch (StoreUnavailableException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
            }
        }
    }

    private <T> Optional<T> embedded(StoreOptions options, Function<Fleet, Optional<T>> work) {
        Optional<EmbeddedPostgres> embedded =
                EmbeddedPostgres.visit(options.directory(console), StoreOptions.cache(console));
        if (embedded.isEmpty()) {
            return Optional.empty();
        }
        try (EmbeddedPostgres postgres = embedded.get()) {
            return stored(postgres.address(), SILENCE, work);
        }
    }

    private <T> Optional<T> stored(DatabaseAddress address, Duration patience, Function<Fleet, Optional<T>> work) {
        try (OpenStore store = stores.open(address, patience)) {
            return work.apply(new StoreFleet(store.missions(), store.steps()));
        }
    }
}
