package dev.tagma.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A run that is asked to end, as a terminal, a shell or Kubernetes asks. */
@Timeout(120)
class SignalsIT {
    private static final int TURNS = 3;

    @TempDir
    private Path directory;

    @Test
    void ctrlCLetsTheCallInFlightEndAndTheNextRunGoesOn() throws Exception {
        drainsAndGoesOn(Worker::interrupt, 130);
    }

    @Test
    void sigtermLetsTheCallInFlightEndAndTheNextRunGoesOn() throws Exception {
        drainsAndGoesOn(Worker::terminate, 143);
    }

    @Test
    void aSecondCtrlCEndsAtOnce() throws Exception {
        Duration longer = Duration.ofSeconds(15);
        try (Witness witness = new Witness(directory.resolve("witness"), longer);
                Worker worker = run(witness)) {
            Rig.waiting(Duration.ofSeconds(60)).until(() -> witness.calls().size() == 1);
            worker.interrupt();
            Rig.waiting(Duration.ofSeconds(30)).until(() -> worker.printed().contains("Ctrl-C again ends at once"));
            assertThat(worker.alive()).as("the first one waits for the call").isTrue();
            long asked = System.nanoTime();
            worker.interrupt();
            assertThat(worker.exit(10)).isEqualTo(130);
            assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(5));
        } finally {
            // its Postgres outlives a run that had no time to stop it
            try (Worker last = tagma("get")) {
                assertThat(last.exit(60)).isZero();
            }
            Rig.awaitStopped(directory.resolve("data"));
        }
    }

    private interface Sending {
        void to(Worker worker) throws IOException, InterruptedException;
    }

    private void drainsAndGoesOn(Sending signal, int expected) throws Exception {
        try (Witness witness = new Witness(directory.resolve("witness"), Duration.ofSeconds(2), "receipt 4711")) {
            try (Worker worker = run(witness)) {
                Rig.waiting(Duration.ofSeconds(60)).until(() -> witness.calls().size() == 1);
                signal.to(worker);
                int code = worker.exit(30);
                assertThat(code).as("%s", worker.printed()).isEqualTo(expected);
                assertThat(worker.printed())
                        .contains("interrupted: the calls in flight end")
                        .contains("not finished: 1 of 1; the same command goes on with them")
                        .doesNotContain("some calls did not end");
            }
            assertThat(witness.calls()).as("nothing new begins").hasSize(1);
            assertThat(directory.resolve("data/postgres/postmaster.pid")).doesNotExist();
            try (Worker logs = tagma("logs", "mission/m")) {
                assertThat(logs.exit(60)).isZero();
                assertThat(logs.printed()).as("the call in flight is committed").contains("receipt 4711");
            }
            try (Worker worker = run(witness)) {
                int code = worker.exit(60);
                assertThat(code).as("%s", worker.printed()).isZero();
            }
            assertThat(witness.calls()).hasSize(TURNS);
            assertThat(witness.calls().stream().map(Witness.Call::key)).doesNotHaveDuplicates();
        }
    }

    private Worker run(Witness witness) throws IOException {
        Path manifests = Files.writeString(
                directory.resolve("missions.yaml"),
                Manifests.payments(witness, TURNS) + Manifests.mission("m", "{goal: Pay.}"));
        return tagma("run", "-f", manifests.toString());
    }

    private Worker tagma(String... arguments) throws IOException {
        String[] all = Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = "--data";
        all[arguments.length + 1] = directory.resolve("data").toString();
        return Worker.tagma(Files.createTempFile(directory, "output", ".log"), all);
    }
}
