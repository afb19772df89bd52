package dev.tagma.kube;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code kubectl} as a process, with the kubeconfig of a cluster. */
public final class Kubectl {
    private static final int PATIENCE_SECONDS = 120;

    private final Programs programs;
    private final Path kubeconfig;
    private final Path directory;

    Kubectl(Programs programs, ControlPlane plane) {
        this.programs = programs;
        this.kubeconfig = plane.kubeconfig();
        this.directory = plane.directory();
    }

    /** What a run of kubectl printed, and its exit code. */
    public record Result(int exit, String out, String err) {
        /** What was printed, of a run that must have worked. */
        public String ok() {
            if (exit != 0) {
                throw new AssertionError("kubectl ended with " + exit + ": " + err + out);
            }
            return out;
        }
    }

    Result run(String input, List<String> arguments) {
        List<String> command =
                new ArrayList<>(List.of(programs.path("kubectl"), "--kubeconfig", kubeconfig.toString()));
        command.addAll(arguments);
        try {
            Path in = Files.createTempFile(directory, "kubectl", ".in");
            Path out = Files.createTempFile(directory, "kubectl", ".out");
            Path err = Files.createTempFile(directory, "kubectl", ".err");
            Files.writeString(in, input);
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectInput(in.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment()
                    .put("KUBECACHEDIR", directory.resolve("kubectl-cache").toString());
            int exit = await(builder.start(), arguments);
            return new Result(exit, Files.readString(out, StandardCharsets.UTF_8), Files.readString(err));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int await(Process process, List<String> arguments) {
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("kubectl " + arguments + " still runs after " + PATIENCE_SECONDS + " s");
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in kubectl " + arguments, e);
        } finally {
            process.destroyForcibly();
        }
    }
}
