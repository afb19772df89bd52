package dev.tagma.app;

import dev.tagma.app.fleet.Fleet;
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
            description = "its namespace (default: default; on a cluster, that of the context)")
    String namespace;

    /** Its row, where there is one. */
    Optional<MissionRecord> ifIn(Fleet fleet) {
        return new MissionFinder(fleet).find(mission, namespace);
    }

    /** Its row. Throws CommandException, naming what there is, where there is none. */
    MissionRecord in(Fleet fleet) {
        return new MissionFinder(fleet).named(mission, namespace);
    }
}
