package dev.tagma.agent;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaId;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import com.networknt.schema.resource.DisallowSchemaLoader;
import dev.tagma.mission.step.JsonBuffers;
import dev.tagma.mission.step.StepContent.ModelReply;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Decides whether a reply without tool calls is the answer that a mission asked for. Pure and thread-safe: schemas are compiled once,
 * and load nothing from elsewhere.
 */
public final class AnswerJudge {
    private static final int MAX_COMPILED = 1_000;
    private static final int MAX_PROBLEMS = 10;
    private static final int MAX_PROBLEM = 300;
    private static final int MAX_DEPTH = 200;
    private static final int MAX_EXPONENT = 1_000;
    private static final Pattern FENCED =
            Pattern.compile("```[a-zA-Z0-9]*[ \\t]*\\R(.*?)\\R?[ \\t]*```", Pattern.DOTALL);

    private final JsonMapper json = JsonMapper.builder(JsonFactory.builder()
                    .recyclerPool(JsonBuffers.SHARED)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();
    private final JsonSchemaFactory schemas = JsonSchemaFactory.getInstance(
            VersionFlag.V202012,
            builder -> builder.enableSchemaCache(false)
                    .schemaLoaders(loaders -> loaders.add(DisallowSchemaLoader.getInstance())));
    private final SchemaValidatorsConfig config =
            SchemaValidatorsConfig.builder().pathType(PathType.JSON_PATH).build();
    private final Map<JsonNode, JsonSchema> compiled = new ConcurrentHashMap<>();

    /** What a reply is worth. */
    public sealed interface Verdict {
        /**
         * The answer.
         *
         * @param summary the text, without the JSON where a schema asked for it; null where nothing else was said
         * @param output the JSON where a schema asked for it, else null; its numbers are exact
         */
        record Answer(String summary, JsonNode output) implements Verdict {}

        /** No answer; {@code problem} tells the model what to do better. */
        record Unfit(String problem) implements Verdict {}
    }

    /** Throws IllegalArgumentException, which names the trouble, where {@code outputSchema} cannot be used; null can. */
    public void check(JsonNode outputSchema) {
        if (outputSchema != null && !outputSchema.isNull()) {
            validator(outputSchema);
        }
    }

    /** Judges a reply without tool calls against {@code outputSchema}, which may be null. */
    public Verdict judge(JsonNode outputSchema, ModelReply reply) {
        if (reply.text().isBlank()) {
            return new Verdict.Unfit("Your reply was empty. Call a tool, or give the final answer.");
        }
        return switch (reply.stop()) {
            case Length ->
                new Verdict.Unfit(
                        "Your reply was cut off at the output limit before it was complete. Answer again, shorter.");
            case Refused -> new Verdict.Unfit("You refused to answer.");
            case Answer, ToolCalls ->
                outputSchema == null || outputSchema.isNull()
                        ? new Verdict.Answer(reply.text().strip(), null)
                        : structured(outputSchema, reply.text().strip());
        };
    }

    private Verdict structured(JsonNode outputSchema, String text) {
        String block = text;
        String prose = "";
        Matcher fenced = FENCED.matcher(text);
        // the last block is the answer: earlier ones are what a model shows on its way there
        while (fenced.find()) {
            block = fenced.group(1);
            prose = (text.substring(0, fenced.start()) + text.substring(fenced.end())).strip();
        }
        JsonNode output;
        try {
            output = json.readTree(block);
        } catch (JsonProcessingException e) {
            return new Verdict.Unfit(
                    "The final answer must be JSON that satisfies the output schema, and nothing else. "
                            + "Yours is not JSON: " + shortened(e.getOriginalMessage()));
        }
        if (output == null || output.isMissingNode()) {
            return new Verdict.Unfit("The final answer must be JSON that satisfies the output schema. Yours is empty.");
        }
        if (hasMonstrousNumber(output)) {
            return new Verdict.Unfit("The final answer holds a number beyond 1e" + MAX_EXPONENT + ". Correct it.");
        }
        String problems = problems(validator(outputSchema), output);
        return problems.isEmpty()
                ? new Verdict.Answer(prose.isEmpty() ? null : prose, output)
                : new Verdict.Unfit("The final answer does not satisfy the output schema:\n" + problems
                        + "\nAnswer again with JSON that does.");
    }

    private static String problems(JsonSchema schema, JsonNode value) {
        try {
            return schema.validate(value).stream()
                    .map(ValidationMessage::getMessage)
                    .distinct()
                    .limit(MAX_PROBLEMS)
                    .map(problem -> "- " + shortened(problem))
                    .collect(Collectors.joining("\n"));
        } catch (StackOverflowError e) {
            return "- the schema refers to itself without end";
        }
    }

    /** The schema of schemas, which comes with the library. */
    private JsonSchema metaschema() {
        return compiled.computeIfAbsent(
                MissingNode.getInstance(),
                none -> JsonSchemaFactory.getInstance(VersionFlag.V202012)
                        .getSchema(SchemaLocation.of(SchemaId.V202012), config));
    }

    private JsonSchema validator(JsonNode outputSchema) {
        JsonSchema known = compiled.get(outputSchema);
        if (known != null) {
            return known;
        }
        JsonSchema made = compile(outputSchema);
        if (compiled.size() >= MAX_COMPILED) {
            compiled.clear();
        }
        compiled.put(outputSchema, made);
        return made;
    }

    private JsonSchema compile(JsonNode outputSchema) {
        if (!outputSchema.isObject()) {
            throw new IllegalArgumentException(
                    "spec.outputSchema must be a JSON Schema object, not " + shortened(outputSchema.toString()));
        }
        try {
            String problems = problems(metaschema(), outputSchema);
            if (!problems.isEmpty()) {
                throw new IllegalArgumentException("\n" + problems);
            }
            JsonSchema schema = schemas.getSchema(outputSchema, config);
            schema.initializeValidators();
            return schema;
        } catch (RuntimeException | StackOverflowError e) {
            throw new IllegalArgumentException(
                    "spec.outputSchema is no usable JSON Schema (references to other documents are not followed): "
                            + shortened(String.valueOf(e.getMessage())),
                    e);
        }
    }

    /** Schema keywords such as multipleOf would write such a number out. */
    private static boolean hasMonstrousNumber(JsonNode node) {
        if (node.isBigDecimal()) {
            return Math.abs((long) node.decimalValue().precision()
                            - node.decimalValue().scale())
                    > MAX_EXPONENT;
        }
        for (JsonNode child : node) {
            if (hasMonstrousNumber(child)) {
                return true;
            }
        }
        return false;
    }

    private static String shortened(String text) {
        return text.length() <= MAX_PROBLEM ? text : text.substring(0, MAX_PROBLEM) + "...";
    }
}
