package dev.tagma.app.postgres;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A process that owns the Postgres of a directory until its input ends, or it is killed. */
final class PostgresOwner implements AutoCloseable {
    private final Process process;
    private final String firstLine;

    private PostgresOwner(Process process, String firstLine) {
        this.process = process;
        this.firstLine = firstLine;
    }

    /** The process; prints the server's process number, or why there is none. */
    public static void main(String[] args) throws IOException {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.own(Path.of(args[0]), Path.of(args[1]), "run")) {
            System.out.println("serving " + postgres.pid());
            System.in.read();
        } catch (PostgresException e) {
            System.out.println(e.getMessage());
        }
    }

    static PostgresOwner start(Path root, Path cache) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        PostgresOwner.class.getName(),
                        root.toString(),
                        cache.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        return new PostgresOwner(process, output.readLine());
    }

    long pid() {
        return process.pid();
    }

    String firstLine() {
        return firstLine;
    }

    long serverPid() {
        return Long.parseLong(firstLine.replace("serving ", ""));
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        process.getOutputStream().close();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("the owner did not end");
        }
    }
}
