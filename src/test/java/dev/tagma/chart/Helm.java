package dev.tagma.chart;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tagma.kube.Cluster;
import dev.tagma.kube.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code helm} as a process. */
public final class Helm {
    private static final int PATIENCE_SECONDS = 120;
    private static final String KUBERNETES = "1.34.4";

    private Helm() {}

    /** What a run printed, and its exit code. */
    public record Result(int exit, String out, String err) {
        /** What was printed, of a run that must have worked. */
        public String ok() {
            if (exit != 0) {
                throw new AssertionError("helm ended with " + exit + ": " + err + out);
            }
            return out;
        }
    }

    /** The objects that the chart renders with these arguments, hooks included, without a cluster. */
    public static Rendered render(List<String> arguments) {
        List<JsonNode> objects = Chart.objects(template(arguments).ok());
        return new Rendered(objects);
    }

    /** The same of an installation with the embedded Postgres and these {@code --set} assignments. */
    public static Rendered with(String... assignments) {
        List<String> arguments = new ArrayList<>(Chart.EMBEDDED);
        Arrays.stream(assignments).forEach(each -> arguments.addAll(List.of("--set", each)));
        return render(arguments);
    }

    public static Result template(List<String> arguments) {
        List<String> all = new ArrayList<>(List.of(
                "template",
                Chart.RELEASE,
                Chart.DIRECTORY.toString(),
                "--namespace",
                Chart.NAMESPACE,
                "--kube-version",
                KUBERNETES));
        all.addAll(arguments);
        return run(all);
    }

    /** With a cluster's kubeconfig, as its administrator. */
    public static Result on(Cluster cluster, String... arguments) {
        List<String> all =
                new ArrayList<>(List.of("--kubeconfig", cluster.kubeconfig().toString()));
        all.addAll(List.of(arguments));
        return run(all);
    }

    public static Result run(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(program("helm")));
        command.addAll(arguments);
        return process(command);
    }

    /** Runs a program of the nodes' directory to its end. */
    static Result process(List<String> command) {
        try {
            Path out = Files.createTempFile("helm", ".out");
            Path err = Files.createTempFile("helm", ".err");
            Process process = new ProcessBuilder(command)
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            try {
                if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    throw new AssertionError(command + " still runs after " + PATIENCE_SECONDS + " s");
                }
                return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
            } finally {
                process.destroyForcibly();
                Files.delete(out);
                Files.delete(err);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in " + command, e);
        }
    }

    static String program(String name) {
        return Once.PROGRAMS.path(name);
    }

    private static final class Once {
        private static final Programs PROGRAMS = Programs.ofNodes();
    }
}
