package dev.tagma.api.v1alpha1;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.tagma.api.v1alpha1.FieldWords.Field;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** Writes the reference of the API from the CRDs: a chapter per kind, a table per object of its spec and status. */
final class ApiReference {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private final StringBuilder page = new StringBuilder();
    private String chapter = "";

    private ApiReference() {}

    /** The page, in Markdown. */
    static String of(Collection<String> crds) throws IOException {
        ApiReference reference = new ApiReference();
        reference.page.append("""
                <!-- Generated from crds/ by `make crds`. -->
                # API reference: tagma.dev/v1alpha1

                What each field is for, what it may hold, and what it is where it is not set. The API server refuses anything else, by the name of the
                field; `tagma validate -f FILE` says the same without one, and `kubectl explain KIND.spec` shows it in the terminal. **Bold** fields are
                required. A default is stored with the object. *What is slanted* is a rule, in the words of the API server. `[]` stands for each item of a list, `{}` for each value of a map; what stands behind
                `by` in the type of a list keeps its items apart, also under server-side apply.

                """);
        reference.page.append(FieldWords.legend());
        for (String crd : crds) {
            reference.kind(YAML.readTree(crd).path("spec"));
        }
        return reference.page.toString();
    }

    private void kind(JsonNode spec) {
        JsonNode names = spec.path("names");
        JsonNode version = spec.path("versions").path(0);
        JsonNode schema = version.path("schema").path("openAPIV3Schema");
        line("\n## " + names.path("kind").asText() + "\n");
        if (schema.has("description")) {
            line(schema.path("description").asText() + "\n");
        }
        line("`kubectl get " + names.path("plural").asText() + "` or " + shortNames(names) + "; "
                + (version.path("subresources").has("scale")
                        ? "subresources `status` and `scale`."
                        : "subresource `status`.")
                + "\n");
        rules(schema.path("x-kubernetes-validations"));
        chapter = names.path("kind").asText();
        schema.path("properties").properties().forEach(part -> part(schema, part.getKey(), part.getValue()));
    }

    private static String shortNames(JsonNode names) {
        StringJoiner joined = new StringJoiner(", ");
        names.path("shortNames").forEach(name -> joined.add("`kubectl get " + name.asText() + "`"));
        return joined.toString();
    }

    private void part(JsonNode kind, String name, JsonNode part) {
        if (!part.has("properties")) {
            return;
        }
        Map<String, List<String>> rules = new LinkedHashMap<>();
        FieldWords.gather(kind, "", rules);
        List<Field> top = new ArrayList<>();
        List<Field> objects = new ArrayList<>();
        FieldWords.fields(part, "." + name).forEach(field -> {
            top.add(field);
            if (FieldWords.hasFields(field.schema())) {
                objects.add(field);
            }
        });
        line("### " + chapter + " " + name + "\n");
        own(rules.get("." + name));
        table(top, name.length() + 2, rules);
        for (Field object : objects) {
            line("#### " + chapter + " " + object.path().substring(1) + "\n");
            own(rules.get(object.path()));
            List<Field> below = new ArrayList<>();
            descend(object, below);
            table(below, object.path().length() + 1, rules);
        }
    }

    private static void descend(Field object, List<Field> found) {
        for (Field field : FieldWords.fields(FieldWords.inner(object.schema()), object.path())) {
            found.add(field);
            if (FieldWords.hasFields(field.schema())) {
                descend(field, found);
            }
        }
    }

    private void table(List<Field> fields, int prefix, Map<String, List<String>> rules) {
        line("| field | type | default | description |\n| --- | --- | --- | --- |");
        for (Field field : fields) {
            String name = "`" + field.path().substring(prefix) + "`";
            boolean linked = FieldWords.hasFields(field.schema())
                    && prefix == field.path().indexOf('.', 1) + 1;
            String shown = linked ? "[" + name + "](#" + anchor(field.path()) + ")" : name;
            StringJoiner text = new StringJoiner(" ");
            text.add(field.schema().path("description").asText());
            if (!linked) {
                rules.getOrDefault(field.path(), List.of()).forEach(rule -> text.add("*" + rule + "*"));
            }
            line("| " + (field.required() ? "**" + shown + "**" : shown) + " | "
                    + cell(FieldWords.type(field.schema())) + " | " + cell(FieldWords.defaulted(field.schema())) + " | "
                    + cell(text.toString().strip()) + " |");
        }
        line("");
    }

    /** As GitHub and its kin name a heading. */
    private String anchor(String path) {
        return (chapter + "-" + path).toLowerCase().replaceAll("[^a-z0-9-]", "");
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("\n", " ");
    }

    private void rules(JsonNode validations) {
        List<String> whole = new ArrayList<>();
        validations.forEach(rule -> {
            if (!rule.has("fieldPath")) {
                whole.add(rule.path("message").asText());
            }
        });
        own(whole);
    }

    private void own(List<String> rules) {
        if (rules != null && !rules.isEmpty()) {
            rules.forEach(rule -> line("*" + rule + "*\n"));
        }
    }

    private void line(String text) {
        page.append(text).append('\n');
    }
}
