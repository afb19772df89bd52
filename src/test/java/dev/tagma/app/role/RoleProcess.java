package dev.tagma.app.role;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The packaged program in one of its roles, as a process that a test may kill. */
final class RoleProcess implements AutoCloseable {
    static final Path PROGRAM = Path.of("target", "quarkus-app", "quarkus-run.jar");
    static final List<String> JVM = jvm();
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Process process;
    private final int port;
    private final Path output;

    private RoleProcess(Process process, int port, Path output) {
        this.process = process;
        this.port = port;
        this.output = output;
    }

    /** Soon over, as tests are, they do without the optimising compiler; {@code -Dtagma.roles=deployed} has it as a pod has it. */
    private static List<String> jvm() {
        List<String> flags = new ArrayList<>(List.of(
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager"));
        if (!System.getProperty("tagma.roles", "").equals("deployed")) {
            flags.add("-XX:TieredStopAtLevel=1");
        }
        return List.copyOf(flags);
    }

    /** {@code tagma ROLE}, with this environment and nothing of the test's own; its health answers at {@code port} of loopback. */
    static RoleProcess start(String role, Map<String, String> environment, int port, Path output) {
        if (!Files.exists(PROGRAM)) {
            throw new IllegalStateException(PROGRAM + " is not there: `make build` makes it");
        }
        List<String> flags = new ArrayList<>(JVM);
        flags.addAll(StartCache.flags());
        return start(flags, role, environment, port, output);
    }

    /** The same in a JVM with these flags. */
    static RoleProcess start(List<String> flags, String role, Map<String, String> environment, int port, Path output) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-jar", PROGRAM.toString(), role));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        builder.environment().clear();
        builder.environment().put("PATH", System.getenv("PATH"));
        builder.environment().put("HOME", "/nonexistent");
        builder.environment().put("TAGMA_HTTP_HOST", "127.0.0.1");
        builder.environment().put("TAGMA_HTTP_PORT", Integer.toString(port));
        builder.environment().putAll(environment);
        try {
            return new RoleProcess(builder.start(), port, output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean alive() {
        return process.isAlive();
    }

    /** Whether a probe of this path finds it well. */
    boolean answers(String path) {
        return status(path) == 200;
    }

    boolean ready() {
        return answers("/q/health/ready");
    }

    /** The status of an answer to GET, or 0 where there is none. */
    int status(String path) {
        try {
            return get(path).statusCode();
        } catch (UncheckedIOException e) {
            return 0;
        }
    }

    HttpResponse<String> get(String path) {
        try (HttpClient client =
                HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .timeout(PATIENCE)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** SIGKILL, and nothing else: no shutdown hook runs. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** SIGSTOP: the process is there and does nothing, as in a long pause of its machine. */
    void freeze() {
        signal("STOP");
    }

    /** SIGCONT. */
    void thaw() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether it has ended within {@code patience}. */
    boolean ended(Duration patience) {
        try {
            return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Resident memory in bytes, as /proc says. */
    long residentBytes() {
        try (var lines = Files.lines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            return 1024
                    * lines.filter(line -> line.startsWith("VmRSS:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                            .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Bytes of the objects in its heap that are reachable: a full collection counts them. */
    long liveBytes() throws IOException {
        Process histogram = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(process.pid()),
                        "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        try (var lines = histogram.inputReader().lines()) {
            return lines.filter(line -> line.startsWith("Total"))
                    .mapToLong(line -> Long.parseLong(line.trim().split("\\s+")[2]))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("jcmd counts nothing of " + process.pid()));
        }
    }

    /** The exit code of a process that has ended. */
    int exit() {
        return process.exitValue();
    }

    String printed() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        kill();
    }
}
