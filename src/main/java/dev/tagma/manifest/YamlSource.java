package dev.tagma.manifest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tagma.manifest.YamlConversion.BadYaml;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/** The objects of one YAML or JSON text. */
final class YamlSource {
    private static final int MAX_CHARACTERS = 16 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern ESCAPE = Pattern.compile("\\\\(.)");

    private final Path file;
    private final List<Document> documents = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    private YamlSource(Path file) {
        this.file = file;
    }

    /** Reads all documents up to the first that is no YAML; empty ones are skipped, Lists opened. */
    static YamlSource read(Path file, String text) {
        YamlSource source = new YamlSource(file);
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MAX_CHARACTERS);
        options.setMergeOnCompose(true);
        try {
            Composer composer =
                    new Composer(new ParserImpl(new StreamReader(yaml(text)), options), new Resolver(), options);
            while (composer.checkNode()) {
                source.document(composer.getNode());
            }
        } catch (MarkedYAMLException e) {
            source.problem(line(e.getProblemMark()), explain(e));
        } catch (BadYaml e) {
            source.problem(e.line(), e.getMessage());
        } catch (YAMLException e) {
            source.problem(0, e.getMessage());
        }
        return source;
    }

    /**
     * JSON as the YAML parser at hand takes it, which knows neither tabs between tokens nor the escape {@code \/}. Keeps lines.
     */
    private static String yaml(String text) {
        if (!text.startsWith("{") && !text.startsWith("[") || !isJson(text)) {
            return text;
        }
        return ESCAPE.matcher(text.replace('\t', ' '))
                .replaceAll(escape -> escape.group(1).equals("/") ? "/" : Matcher.quoteReplacement(escape.group()));
    }

    private static boolean isJson(String text) {
        try {
            JSON.readTree(text);
            return true;
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    List<Document> documents() {
        return documents;
    }

    List<Problem> problems() {
        return problems;
    }

    private void document(Node root) {
        YamlConversion conversion = new YamlConversion();
        JsonNode content = conversion.convert(root);
        if (content instanceof ObjectNode object) {
            documents.addAll(new Document(file, object, conversion.lines(), FieldPath.ROOT).flattened());
        } else if (!content.isNull()) {
            problems.add(new Problem(
                    file, YamlConversion.line(root), "", "", "not an object with apiVersion, kind, metadata and spec"));
        }
    }

    private static String explain(MarkedYAMLException e) {
        return e.getContext() == null || e.getContextMark() == null
                ? e.getProblem()
                : e.getProblem() + " " + e.getContext() + " that begins at line " + line(e.getContextMark());
    }

    private static int line(Mark mark) {
        return mark == null ? 0 : mark.getLine() + 1;
    }

    private void problem(int line, String message) {
        problems.add(new Problem(file, line, "", "", "error converting YAML to JSON: " + message));
    }
}
