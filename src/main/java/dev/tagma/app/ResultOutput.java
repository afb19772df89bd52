package dev.tagma.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.tagma.app.view.MissionProgress;
import dev.tagma.app.view.MissionTable;
import dev.tagma.app.view.StatusJson;
import java.io.PrintStream;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/** Writes missions in the form that was asked for. */
final class ResultOutput {
    private final JsonMapper json = Json.MAPPER;
    private final Function<MissionProgress, ObjectNode> documents;
    private final PrintStream out;
    private final int columns;

    /** {@code documents} gives a mission as its custom resource, for the forms that show it. */
    ResultOutput(Function<MissionProgress, ObjectNode> documents, PrintStream out, int columns) {
        this.documents = documents;
        this.out = out;
        this.columns = columns;
    }

    /** The forms. */
    enum Format {
        table,
        json,
        yaml
    }

    /** Several missions, as a table or a list. */
    void list(Format format, Collection<MissionProgress> missions, Instant now) {
        switch (format) {
            case table -> MissionTable.lines(missions, now, columns).forEach(out::println);
            case json, yaml ->
                document(
                        format,
                        StatusJson.list(json, missions.stream().map(documents).toList()));
        }
    }

    /** One mission. */
    void single(Format format, MissionProgress mission, Instant now) {
        switch (format) {
            case table -> list(format, List.of(mission), now);
            case json, yaml -> document(format, documents.apply(mission));
        }
    }

    private void document(Format format, ObjectNode document) {
        try {
            switch (format) {
                case yaml ->
                    out.print(YAMLMapper.builder()
                            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                            .build()
                            .writeValueAsString(document));
                case json, table ->
                    out.println(json.writerWithDefaultPrettyPrinter().writeValueAsString(document));
            }
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree is always a document", e);
        }
    }
}
