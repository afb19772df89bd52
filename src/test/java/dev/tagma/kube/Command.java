package dev.tagma.kube;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A program that is run to its end.
 *
 * @param arguments the program and what it is told
 * @param input what it reads
 * @param environment variables beside the test's own
 * @param patience how long it may take
 */
public record Command(List<String> arguments, String input, Map<String, String> environment, Duration patience) {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    public Command {
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
    }

    /** Two minutes long, with nothing to read. */
    public static Command of(List<String> arguments) {
        return new Command(arguments, "", Map.of(), PATIENCE);
    }

    /** What it printed, and its exit code. */
    public record Result(List<String> arguments, int exit, String out, String err) {
        /** What was printed, by one that must have worked. */
        public String ok() {
            if (exit != 0) {
                throw new AssertionError(String.join(" ", arguments) + " ended with " + exit + ": " + err + out);
            }
            return out;
        }
    }

    public Result run() {
        try {
            Path directory = Files.createTempDirectory("tagma-command");
            try {
                return run(directory.resolve("in"), directory.resolve("out"), directory.resolve("err"));
            } finally {
                for (String each : new String[] {"in", "out", "err"}) {
                    Files.deleteIfExists(directory.resolve(each));
                }
                Files.delete(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Result run(Path in, Path out, Path err) throws IOException {
        Files.writeString(in, input);
        ProcessBuilder builder = new ProcessBuilder(arguments)
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().putAll(environment);
        int exit = await(builder.start());
        return new Result(arguments, exit, Files.readString(out), Files.readString(err));
    }

    private int await(Process process) {
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError(arguments + " still runs after " + patience);
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in " + arguments, e);
        } finally {
            process.destroyForcibly();
        }
    }
}
