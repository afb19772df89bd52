package dev.tagma.kube;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Where the control plane's programs are, as src/build/kube.sh says. */
record Programs(Path directory) {
    static Programs find() {
        try {
            Process script = new ProcessBuilder("src/build/kube.sh", "find").start();
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

    String path(String program) {
        return directory.resolve(program).toString();
    }
}
