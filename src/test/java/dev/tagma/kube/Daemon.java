package dev.tagma.kube;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * One process of the control plane, which may be stopped, killed, frozen and started again with the same command. It cannot outlive
 * this JVM: its guardian, a shell, kills it when the pipe from here closes, however this JVM ended.
 */
final class Daemon {
    private static final String GUARDIAN =
            "exec 3<&0; \"$@\" </dev/null 3<&- & read -r order <&3; kill -${order:-KILL} $!; wait $!";
    private static final Duration START = Duration.ofSeconds(180);

    private final String name;
    private final List<String> command;
    private final Path log;
    private final BooleanSupplier ready;
    private Process guardian;

    Daemon(List<String> command, Path directory, BooleanSupplier ready) {
        this.name = Path.of(command.getFirst()).getFileName().toString();
        this.command = command;
        this.log = directory.resolve(name + ".log");
        this.ready = ready;
    }

    /** Returns when the process is ready. */
    void start() {
        List<String> guarded = new ArrayList<>(List.of("bash", "-c", GUARDIAN, "guardian"));
        guarded.addAll(command);
        try {
            guardian = new ProcessBuilder(guarded)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .directory(log.getParent().toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try {
            Awaitility.await(name)
                    .atMost(START)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> !isRunning() || ready.getAsBoolean());
        } catch (ConditionTimeoutException e) {
            kill();
            throw new IllegalStateException(name + " is not ready after " + START + ":\n" + lastWords(), e);
        }
        if (!isRunning()) {
            throw new IllegalStateException(name + " ended while it started:\n" + lastWords());
        }
    }

    boolean isRunning() {
        return guardian != null && guardian.isAlive() && child().isPresent();
    }

    /** Asks the process to end, and waits for it, at most ten seconds. */
    void stop() {
        end("TERM");
    }

    void kill() {
        end("KILL");
    }

    /** Stops the process where it stands: its sockets accept, and nothing answers. */
    void freeze() {
        signal("STOP");
    }

    void thaw() {
        signal("CONT");
    }

    private void end(String order) {
        if (guardian == null) {
            return;
        }
        try {
            if (guardian.isAlive()) {
                guardian.getOutputStream().write((order + "\n").getBytes());
                guardian.getOutputStream().close();
            }
            if (!guardian.waitFor(10, TimeUnit.SECONDS)) {
                child().ifPresent(ProcessHandle::destroyForcibly);
                guardian.waitFor();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            guardian.descendants().forEach(ProcessHandle::destroyForcibly);
        }
    }

    private void signal(String signal) {
        long pid = child().orElseThrow(() -> new IllegalStateException(name + " does not run"))
                .pid();
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Optional<ProcessHandle> child() {
        return guardian.children().findFirst();
    }

    private String lastWords() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
        } catch (IOException e) {
            return "no log: " + e.getMessage();
        }
    }
}
