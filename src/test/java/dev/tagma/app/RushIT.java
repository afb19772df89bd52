package dev.tagma.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.app.GrpcFleet.Replica;
import dev.tagma.mission.MissionRecord;
import dev.tagma.store.TestPostgres;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many missions over two runtimes and two gateways. */
class RushIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    @Test
    void fiveHundredMissionsAtOnce() throws Exception {
        int missions = 500;
        String rules = """
                - when: {turn: 0}
                  reply: {toolCalls: [{tool: calculator, arguments: {expression: "1 + 1"}}]}
                - reply: {text: "done"}
                """;
        String pool = Manifests.pool(rules, "- {name: calculator, builtin: Calculator}", "calculator");
        try (GrpcFleet fleet = new GrpcFleet(
                new Rig(TestPostgres.shared().fresh(), pool + ReplicasIT.missions(missions)), directory)) {
            Replica first = fleet.replica("first");
            Replica second = fleet.replica("second");
            fleet.runtime(fleet.pod("a"), missions, first, second);
            fleet.runtime(fleet.pod("b"), missions, second, first);
            fleet.rig().admit();
            fleet.rig().succeed(PATIENCE);
            for (MissionRecord mission : fleet.rig().missions()) {
                assertThat(fleet.rig().steps(mission)).hasSize(3);
            }
        }
    }
}
