package dev.tagma.app;

import dev.tagma.mission.MissionRecord;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which mission a command is about. */
final class MissionArgument {
    @Parameters(index = "0", paramLabel = "mission/NAME", description = "which mission")
    String mission;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NS",
            defaultValue = "default",
            description = "its namespace (default: default)")
    String namespace = "default";

    /** Its row. Throws CommandException, naming what there is, where there is none. */
    MissionRecord in(OpenStore store) {
        return new MissionFinder(store.missions()).named(mission, namespace);
    }
}
