package dev.tagma.chart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The chart's files. */
public final class Chart {
    /** Where it is. */
    public static final Path DIRECTORY = Path.of("helm", "tagma");

    /** The release and the namespace that its documentation installs. */
    public static final String RELEASE = "tagma";

    public static final String NAMESPACE = "tagma-system";

    /** What the smallest installation has to say. */
    public static final List<String> EMBEDDED = List.of("--set", "postgres.embedded.enabled=true");

    private static final ObjectMapper YAML = new YAMLMapper(new YAMLFactory());

    private Chart() {}

    static JsonNode values() {
        return yaml(DIRECTORY.resolve("values.yaml"));
    }

    static JsonNode yaml(Path file) {
        try {
            return YAML.readTree(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The objects of a text of manifests. */
    static List<JsonNode> objects(String manifests) {
        try (var parser = YAML.getFactory().createParser(manifests);
                var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(parser)) {
            return documents.readAll().stream().filter(JsonNode::isObject).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The values files of installations of a size. */
    static Stream<Path> sizes() {
        return Stream.of("startup", "growth", "scale", "enterprise")
                .map(size -> DIRECTORY.resolve("values-" + size + ".yaml"));
    }
}
