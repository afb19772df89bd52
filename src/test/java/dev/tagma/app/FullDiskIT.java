package dev.tagma.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The disk of the embedded Postgres is full while missions run, and has room again later. */
@Timeout(180)
class FullDiskIT {
    private static final int MISSIONS = 8;
    private static final int TURNS = 20;
    private static final int MEGABYTES = 160;
    private static final int ANSWER_BYTES = 10_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    @Test
    void missionsWaitForRoomWhileCommitsFail() throws Exception {
        String printed = runThrough(Full.Table);
        assertThat(printed).contains("commits wait for the database").contains("No space left on device");
    }

    @Test
    void missionsWaitForRoomWhilePostgresCannotEvenRun() throws Exception {
        String printed = runThrough(Full.Log);
        assertThat(printed)
                .containsPattern("Postgres in .* has died and is started again: .*[Nn]o (room|space left) on")
                .contains("the database does not answer, missions wait for it")
                .containsPattern("Postgres in .* runs again")
                .contains("the database is back");
    }

    private enum Full {
        Table,
        Log
    }

    private String runThrough(Full what) throws Exception {
        Path output = Files.createFile(directory.resolve("output.log"));
        byte[] random = new byte[ANSWER_BYTES / 2];
        new Random(1).nextBytes(random);
        String answer = "{\"receipt\": \"" + HexFormat.of().formatHex(random) + "\"}";
        try (SmallDisk disk = SmallDisk.at(directory.resolve("disk"), MEGABYTES);
                Witness witness = new Witness(directory.resolve("witness"), Duration.ofMillis(10), answer)) {
            Path manifests = Files.writeString(directory.resolve("missions.yaml"), manifests(witness));
            String data = disk.path().resolve("data").toString();
            try (Worker worker =
                    Worker.tagma(output, disk.by(), Map.of(), "run", "-f", manifests.toString(), "--data", data)) {
                awaitCalls(witness, worker, 2 * MISSIONS);
                disk.fill();
                if (what == Full.Log) {
                    awaitDeath(disk, worker);
                }
                long calls = standstill(witness, disk);
                assertThat(calls)
                        .as("the disk was full in the middle")
                        .isBetween(2L * MISSIONS, (long) MISSIONS * TURNS - 1);
                assertThat(worker.alive()).isTrue();
                disk.free();
                int code = worker.exit(PATIENCE.toSeconds());
                assertThat(code).as("%s", worker.printed()).isZero();
            }
            assertThat(witness.calls()).hasSize(MISSIONS * TURNS);
            assertThat(witness.calls().stream().map(Witness.Call::key))
                    .as("no call begins twice")
                    .doesNotHaveDuplicates();
            Path verified = Files.createFile(directory.resolve("verified.log"));
            try (Worker verify = Worker.tagma(verified, disk.by(), Map.of(), "verify", "--all", "--data", data)) {
                int code = verify.exit(PATIENCE.toSeconds());
                assertThat(code).as("%s", verify.printed()).isZero();
            }
            assertThat(verified).content().contains(MISSIONS + " of " + MISSIONS + " chains intact");
            Rig.awaitStopped(disk.here().resolve("data"));
            return Files.readString(output);
        }
    }

    private static void awaitCalls(Witness witness, Worker worker, int wanted) throws Exception {
        Rig.waiting(PATIENCE).until(() -> witness.calls().size() >= wanted || !worker.alive());
        assertThat(worker.alive()).as("%s", worker.printed()).isTrue();
    }

    /**
     * Begins log files until there is no room for one, which is the end of a Postgres. It may recover by itself, from old log files that
     * it uses again: in the end it is killed, and does not come up on a disk without a free byte.
     */
    private static void awaitDeath(SmallDisk disk, Worker worker) {
        Path data = disk.here().resolve("data");
        AtomicInteger rounds = new AtomicInteger();
        Rig.waiting(PATIENCE).until(() -> {
            disk.fill();
            if (worker.printed().contains("Postgres does not start in")) {
                return true;
            }
            List<String> pid = Files.readAllLines(data.resolve("postgres/postmaster.pid"));
            if (rounds.incrementAndGet() % 50 == 0) {
                ProcessHandle.of(Long.parseLong(pid.getFirst())).ifPresent(ProcessHandle::destroyForcibly);
            }
            beginLogFile(pid.get(3).strip(), Files.readString(data.resolve("password")));
            return false;
        });
    }

    private static void beginLogFile(String port, String password) {
        String url = "jdbc:postgresql://127.0.0.1:" + port + "/postgres?connectTimeout=2&socketTimeout=5";
        try (Connection connection = DriverManager.getConnection(url, "tagma", password);
                Statement statement = connection.createStatement()) {
            statement.execute("select pg_logical_emit_message(false, 'full', 'disk'), pg_switch_wal()");
        } catch (SQLException e) {
            // as wanted: it has died, or is about to
            return;
        }
    }

    /** Waits, with the disk kept full, until no call has begun for three seconds; how many there are. */
    private static long standstill(Witness witness, SmallDisk disk) {
        AtomicLong seen = new AtomicLong(-1);
        AtomicLong since = new AtomicLong();
        Rig.waiting(PATIENCE).until(() -> {
            disk.fill();
            long now = witness.calls().size();
            if (seen.getAndSet(now) != now) {
                since.set(System.nanoTime());
            }
            return System.nanoTime() - since.get() > 3_000_000_000L;
        });
        return seen.get();
    }

    private static String manifests(Witness witness) {
        StringBuilder yaml = new StringBuilder(Manifests.payments(witness, TURNS));
        for (int i = 0; i < MISSIONS; i++) {
            yaml.append(Manifests.mission("m" + i, "{goal: Pay., maxIterations: 100, timeout: 30m}"));
        }
        return yaml.toString();
    }
}
