package dev.tagma.app;

import dev.tagma.app.postgres.EmbeddedPostgres;
import java.util.Optional;
import java.util.function.ToIntFunction;

/** Lets a command work on the store that its options name, and closes it afterwards. */
final class Stores {
    private final Console console;
    private final OpenStore.Opener opener;

    Stores(Console console, OpenStore.Opener opener) {
        this.console = console;
        this.opener = opener;
    }

    /** What {@code work} answers; an embedded Postgres that does not run is started for as long as that takes. */
    int with(StoreOptions options, ToIntFunction<OpenStore> work) {
        DatabaseAddress named = options.named(console);
        if (named != null) {
            try (OpenStore store = opener.open(named)) {
                return work.applyAsInt(store);
            }
        }
        Optional<EmbeddedPostgres> embedded =
                EmbeddedPostgres.visit(options.directory(console), StoreOptions.cache(console));
        if (embedded.isEmpty()) {
            throw new CommandException(
                    ExitCode.CannotRun,
                    "no missions were ever run with "
                            + options.directory(console).toAbsolutePath().normalize()
                            + ": run some with `tagma run -f FILE`, or name their place with --data DIR or --database URL");
        }
        try (EmbeddedPostgres postgres = embedded.get();
                OpenStore store = opener.open(postgres.address())) {
            return work.applyAsInt(store);
        }
    }
}
