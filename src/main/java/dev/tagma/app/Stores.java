package dev.tagma.app;

import dev.tagma.app.postgres.EmbeddedPostgres;
import dev.tagma.mission.StoreUnavailableException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/** Lets a command work on the store that its options name, and closes it afterwards. */
final class Stores {
    /** How long an embedded Postgres that goes away under a command is looked for again. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** How long it may stay silent before it is looked for. */
    private static final Duration SILENCE = Duration.ofSeconds(3);

    private final Console console;
    private final OpenStore.Opener opener;

    Stores(Console console, OpenStore.Opener opener) {
        this.console = console;
        this.opener = opener;
    }

    /**
     * What {@code work} answers; an embedded Postgres that does not run is started for as long as that takes. One that runs ends with the
     * run that owns it: work that this hits is done again from its beginning. Throws CommandException where nothing was ever stored.
     */
    int with(StoreOptions options, ToIntFunction<OpenStore> work) {
        return ifAny(options, store -> Optional.of(work.applyAsInt(store)))
                .orElseThrow(
                        () -> new CommandException(
                                ExitCode.CannotRun,
                                "no missions were ever run with " + place(options)
                                        + ": run some with `tagma run -f FILE`, or name their place with --data DIR or --database URL"));
    }

    /** The embedded Postgres' directory, as people know it. */
    Path place(StoreOptions options) {
        return options.directory(console).toAbsolutePath().normalize();
    }

    /** The same; empty where nothing was ever stored, or {@code work} answers nothing. */
    <T> Optional<T> ifAny(StoreOptions options, Function<OpenStore, Optional<T>> work) {
        DatabaseAddress named = options.named(console);
        if (named != null) {
            try (OpenStore store = opener.open(named, OpenStore.PATIENCE)) {
                return work.apply(store);
            }
        }
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return embedded(options, work);
            } catch (StoreUnavailableException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
            }
        }
    }

    private <T> Optional<T> embedded(StoreOptions options, Function<OpenStore, Optional<T>> work) {
        Optional<EmbeddedPostgres> embedded =
                EmbeddedPostgres.visit(options.directory(console), StoreOptions.cache(console));
        if (embedded.isEmpty()) {
            return Optional.empty();
        }
        try (EmbeddedPostgres postgres = embedded.get();
                OpenStore store = opener.open(postgres.address(), SILENCE)) {
            return work.apply(store);
        }
    }
}
