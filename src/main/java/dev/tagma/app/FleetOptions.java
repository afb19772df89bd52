package dev.tagma.app;

import dev.tagma.app.fleet.ClusterAddress;
import java.util.Optional;
import picocli.CommandLine.Mixin;

/** Whose missions a command is about: a local store's, or a cluster's. */
final class FleetOptions {
    @Mixin
    StoreOptions store = new StoreOptions();

    @Mixin
    ClusterOptions cluster = new ClusterOptions();

    /**
     * The cluster, where one is meant: by an option; else, unless an option names a store, by TAGMA_GATEWAY, or because the program was
     * called as a plugin of kubectl. Throws CommandException where options contradict each other.
     */
    Optional<ClusterAddress> cluster(Console console) {
        boolean local = store.data != null || store.database != null;
        if (cluster.named() && local) {
            throw new CommandException(
                    ExitCode.Invalid,
                    "--context, --kubeconfig and --gateway name a cluster, --data and --database a local store: name one of them");
        }
        boolean meant = cluster.named()
                || !local
                        && (!console.variable("TAGMA_GATEWAY").isEmpty()
                                || !console.variable("TAGMA_PLUGIN").isEmpty());
        return meant ? Optional.of(cluster.address(console)) : Optional.empty();
    }

    /** The options as another command has to repeat them: empty, or with a leading space. */
    String repeated() {
        return store.repeated() + cluster.repeated();
    }
}
