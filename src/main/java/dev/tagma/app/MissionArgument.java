package dev.tagma.app;

import dev.tagma.mission.MissionRecord;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which mission a command is about. */
final class MissionArgument {
    static final String DEFAULT_NAMESPACE = "default";

    @Parameters(index = "0", paramLabel = "mission/NAME", description = "which mission")
    String mission;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NS",
            defaultValue = DEFAULT_NAMESPACE,
            description = "its namespace (default: default)")
    String namespace = DEFAULT_NAMESPACE;

    /** Its row, where there is one. */
    Optional<MissionRecord> ifIn(OpenStore store) {
        return new MissionFinder(store.missions()).find(mission, namespace);
    }

    /** Its row. Throws CommandException, naming what there is, where there is none. */
    MissionRecord in(OpenStore store) {
        return new MissionFinder(store.missions()).named(mission, namespace);
    }
}
