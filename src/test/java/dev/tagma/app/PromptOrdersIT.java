package dev.tagma.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.app.GrpcFleet.Replica;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.MissionStore;
import dev.tagma.runtime.RuntimeInstance;
import dev.tagma.store.TestPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How soon a runtime hears that a mission was taken from it. */
class PromptOrdersIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private GrpcFleet fleet(Witness witness, int missions) {
        String yaml = Manifests.payments(witness, 1)
                + IntStream.range(0, missions)
                        .mapToObj(i -> Manifests.mission("m" + i, "{goal: Pay., timeout: 10m}"))
                        .collect(Collectors.joining());
        return new GrpcFleet(new Rig(TestPostgres.shared().fresh(), yaml), directory);
    }

    private RuntimeInstance busy(GrpcFleet fleet, Witness witness, Replica replica, int missions) throws IOException {
        RuntimeInstance runtime = fleet.runtime(fleet.pod("pod"), missions, replica);
        witness.hold();
        fleet.rig().admit();
        fleet.rig().await(PATIENCE, () -> witness.calls().size() == missions && runtime.running() == missions);
        return runtime;
    }

    @Test
    void whatIsTakenFromARuntimeStopsThereLongBeforeItsNextHeartbeat() throws Exception {
        int missions = 4;
        try (Witness witness = new Witness(directory.resolve("witness"), Duration.ZERO);
                GrpcFleet fleet = fleet(witness, missions)) {
            RuntimeInstance runtime = busy(fleet, witness, fleet.patientReplica("only"), missions);
            MissionStore elsewhere = fleet.rig().observer().missions();
            List<MissionRecord> running = fleet.rig().missions();
            long asked = System.nanoTime();

            assertThat(elsewhere.cancel(running.get(0).uid(), "enough")).isTrue();
            assertThat(elsewhere.suspend(running.get(1).uid())).isTrue();
            assertThat(elsewhere.forget(List.of(running.get(2).uid()), "deleted"))
                    .hasSize(1);

            fleet.rig().await(PATIENCE, () -> runtime.running() == 1);
            assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(10));
            witness.release();
            fleet.rig().await(PATIENCE, () -> runtime.running() == 0);
            assertThat(fleet.rig().observer().missions().find(running.get(3).uid()))
                    .hasValueSatisfying(
                            mission -> assertThat(mission.failovers()).isEmpty());
        }
    }

    @Test
    void notifyOffCancelWithin1s() throws Exception {
        int missions = 9;
        try (Witness witness = new Witness(directory.resolve("witness"), Duration.ZERO);
                GrpcFleet fleet = fleet(witness, missions)) {
            RuntimeInstance runtime = busy(fleet, witness, fleet.deafReplica("only"), missions);
            List<Duration> took = new ArrayList<>();
            int left = missions;
            for (MissionRecord mission : fleet.rig().missions()) {
                int fewer = --left;
                long asked = System.nanoTime();
                assertThat(fleet.rig().observer().missions().cancel(mission.uid(), "enough"))
                        .isTrue();
                fleet.rig().await(PATIENCE, () -> runtime.running() == fewer);
                took.add(Duration.ofNanos(System.nanoTime() - asked));
            }
            Collections.sort(took);
            assertThat(took.get(missions / 2)).as("median of %s", took).isLessThan(Duration.ofSeconds(1));
            witness.release();
        }
    }
}
