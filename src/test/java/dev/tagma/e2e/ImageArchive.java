package dev.tagma.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tagma.kube.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The image as {@code make image} leaves it: its configuration, and the files of its layers. */
record ImageArchive(Path file) {
    static final ImageArchive BUILT = new ImageArchive(Path.of("target", "image.tar"));

    ImageArchive {
        if (!Files.isRegularFile(file)) {
            throw new AssertionError(file + " is not there: `make image` builds it");
        }
    }

    private JsonNode manifest() {
        return Settled.json(tar("-xOf", file.toString(), "manifest.json")).get(0);
    }

    JsonNode config() {
        return Settled.json(
                        tar("-xOf", file.toString(), manifest().get("Config").asText()))
                .get("config");
    }

    /** The paths of all files, without a leading slash. */
    List<String> files() {
        List<String> all = new ArrayList<>();
        for (JsonNode layer : manifest().get("Layers")) {
            all.addAll(shell("tar -xOf \"$0\" \"$1\" | tar -t", layer.asText())
                    .lines()
                    .filter(path -> !path.endsWith("/"))
                    .toList());
        }
        return all;
    }

    /** A file of the last layer. */
    String read(String path) {
        JsonNode layers = manifest().get("Layers");
        return shell(
                "tar -xOf \"$0\" \"$1\" | tar -xO \"$2\"",
                layers.get(layers.size() - 1).asText(),
                path);
    }

    private static String tar(String... arguments) {
        List<String> command = new ArrayList<>(List.of("tar"));
        command.addAll(List.of(arguments));
        return Command.of(command).run().ok();
    }

    private String shell(String script, String... more) {
        List<String> command = new ArrayList<>(List.of("bash", "-euo", "pipefail", "-c", script, file.toString()));
        command.addAll(List.of(more));
        return Command.of(command).run().ok();
    }
}
