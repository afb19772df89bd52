package dev.tagma.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class StructuralValidatorTest {
    @Test
    void integerIsANumberButNoOtherWayRound() {
        assertThat(violations("type: number", "5")).isEmpty();
        assertThat(violations("type: integer", "5.0")).as("the server reads 5").isEmpty();
        assertThat(violations("type: integer", "5.5"))
                .containsExactly("v: Invalid value: \"number\": v in body must be of type integer: \"number\"");
    }

    @Test
    void schemaWithoutTypeTakesAnything() {
        assertThat(violations("x-kubernetes-preserve-unknown-fields: true", "{a: [1, {b: ~}]}"))
                .isEmpty();
    }

    @Test
    void preservedObjectKeepsUnknownFieldsAndChecksKnownOnes() {
        String schema = "{type: object, x-kubernetes-preserve-unknown-fields: true, properties: {a: {type: string}}}";
        assertThat(violations(schema, "{b: 1}")).isEmpty();
        assertThat(violations(schema, "{a: 1}")).hasSize(1);
    }

    @Test
    void lengthCountsCharactersNotCodeUnits() {
        assertThat(violations("{type: string, maxLength: 2}", "\"\uD83D\uDE80\uD83D\uDE80\""))
                .isEmpty();
        assertThat(violations("{type: string, maxLength: 2}", "abc"))
                .containsExactly("v: Too long: may not be more than 2 bytes");
    }

    @Test
    void patternIsSearchedNotMatched() {
        assertThat(violations("{type: string, pattern: b+}", "abc")).isEmpty();
        assertThat(violations("{type: string, pattern: ^b+$}", "abc")).hasSize(1);
    }

    @Test
    void boundsAreInclusive() {
        assertThat(violations("{type: integer, minimum: 1, maximum: 3}", "3")).isEmpty();
        assertThat(violations("{type: integer, minimum: 1, maximum: 3}", "4"))
                .containsExactly("v: Invalid value: 4: v in body should be less than or equal to 3");
        assertThat(violations("{type: number, minimum: 0.5}", "0.25"))
                .containsExactly("v: Invalid value: 0.25: v in body should be greater than or equal to 0.5");
    }

    @Test
    void mapItemsWithoutTheirKeyAreNotTakenForDoubles() {
        String schema = "{type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [name],"
                + " items: {type: object, required: [name], properties: {name: {type: string}}}}";
        assertThat(violations(schema, "[{}, {}]"))
                .containsExactly("v[0].name: Required value", "v[1].name: Required value");
        assertThat(violations(schema, "[{name: a}, {name: b}, {name: a}]"))
                .containsExactly("v[2]: Duplicate value: {\"name\":\"a\"}");
    }

    @Test
    void valuesOfAMapAreChecked() {
        String schema = "{type: object, maxProperties: 2, additionalProperties: {type: string}}";
        assertThat(violations(schema, "{a: 1}"))
                .containsExactly("v.a: Invalid value: \"integer\": v.a in body must be of type string: \"integer\"");
        assertThat(violations(schema, "{a: a, b: b, c: c}"))
                .containsExactly("v: Too many: 3: must have at most 2 items");
    }

    private static List<String> violations(String schema, String value) {
        Schema parsed = Schema.of(json(schema));
        return StructuralValidator.validate(json(value), parsed, "v").stream()
                .map(violation -> violation.field() + ": " + violation.message())
                .toList();
    }

    private static com.fasterxml.jackson.databind.JsonNode json(String yaml) {
        String text = yaml.contains("\n") || yaml.startsWith("{") || yaml.startsWith("[") || !yaml.contains(": ")
                ? "json: " + yaml
                : "json: {" + yaml + "}";
        return YamlSource.read(Path.of("-"), text)
                .documents()
                .getFirst()
                .content()
                .get("json");
    }
}
