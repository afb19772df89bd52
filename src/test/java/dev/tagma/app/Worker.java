package dev.tagma.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The program in a process of its own, which a test may kill. */
final class Worker implements AutoCloseable {
    private final Process process;
    private final Path output;

    private Worker(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** {@code tagma} with {@code arguments}; what it prints goes to {@code output}, standard error included. */
    static Worker tagma(Path output, String... arguments) throws IOException {
        return tagma(output, List.of(), Map.of(), arguments);
    }

    /** The same by way of another program, with variables that are added to the environment. */
    static Worker tagma(Path output, List<String> by, Map<String, String> environment, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(by);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        builder.environment().putAll(environment);
        return new Worker(builder.start(), output);
    }

    boolean alive() {
        return process.isAlive();
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

    /** SIGINT, as Ctrl-C sends it. */
    void interrupt() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    }

    /** Waits for the end; the exit code. */
    int exit(long seconds) throws InterruptedException, IOException {
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            throw new AssertionError("still running after " + seconds + " s:\n" + printed());
        }
        return process.exitValue();
    }

    String printed() throws IOException {
        return Files.readString(output);
    }

    @Override
    public void close() {
        kill();
    }
}
