package dev.tagma.e2e;

import dev.tagma.kube.Command;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The version of Tagma that upgrades begin with: another program of another chart, with a field fewer in its CRDs. */
final class Previous {
    /** What its CRD of pools lacks. */
    static final String NEW_FIELD = "agentpools.spec.agents.version";

    private static final Duration BUILD = Duration.ofMinutes(15);

    private Previous() {}

    /** Its chart, built where it is not yet. */
    static Path chart() {
        String directory = new Command(List.of(Path.of("e2e", "previous.sh").toString()), "", Map.of(), BUILD)
                .run()
                .ok()
                .strip();
        return Path.of(directory, "chart.tgz");
    }
}
