package dev.tagma.app.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs the programs of a Postgres installation. */
final class Programs {
    private static final long LIMIT_SECONDS = 120;

    private final Path home;

    Programs(Path home) {
        this.home = home;
    }

    /** What a program said, and its exit code. */
    record Result(int code, String output) {
        boolean ok() {
            return code == 0;
        }
    }

    /** Runs one to its end, two minutes at most. Its output goes through a file: a server that it leaves behind would keep a pipe open. */
    Result run(String program, List<String> arguments) {
        List<String> command = new ArrayList<>();
        boolean root = "root".equals(System.getProperty("user.name"));
        if (root) {
            // Postgres refuses to run as root; in a user namespace of its own it is nobody, with root's files
            command.addAll(List.of("unshare", "-U"));
        }
        command.add(home.resolve("bin").resolve(program).toString());
        command.addAll(arguments);
        try {
            Path output = Files.createTempFile("tagma-" + program + "-", ".out");
            try {
                Result result = run(command, output);
                if (root && result.output().startsWith("unshare:")) {
                    throw new PostgresException(
                            "Postgres does not run as root, and user namespaces are not allowed here ("
                                    + result.output().strip()
                                    + "): run tagma as an ordinary user, or name a database with --database URL");
                }
                return result;
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            throw new PostgresException("cannot run Postgres' " + program + ": " + e.getMessage(), e);
        }
    }

    private static Result run(List<String> command, Path output) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.redirectOutput(output.toFile());
        builder.environment().put("LC_ALL", "C");
        builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
        Process process = builder.start();
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("no end after " + LIMIT_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        return new Result(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
    }
}
