package dev.tagma.kube;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Where Kubernetes' programs are, as src/build/kube.sh says. */
public record Programs(Path directory) {
    /** Those of a control plane. */
    static Programs find() {
        return find(List.of());
    }

    /** Those and what a whole cluster takes, helm and kubeconform among it. */
    public static Programs ofNodes() {
        return find(List.of("nodes"));
    }

    /** What judges objects: kube-score, cyclonus, and e2e/health. */
    public static Programs ofChecks() {
        return find(List.of("checks"));
    }

    private static Programs find(List<String> more) {
        List<String> command = new ArrayList<>(List.of("src/build/kube.sh", "find"));
        command.addAll(more);
        try {
            Process script = new ProcessBuilder(command).start();
            String found = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            String complaint = new String(script.getErrorStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (script.waitFor() != 0) {
                throw new IllegalStateException(complaint);
            }
            return new Programs(Path.of(found));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "src/build/kube.sh does not run in " + Path.of("").toAbsolutePath(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while looking for the programs of Kubernetes", e);
        }
    }

    public String path(String program) {
        return directory.resolve(program).toString();
    }
}
