package dev.tagma.agent.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LookupToolTest {
    private static final String CSV =
            "category,unit,factor\nSteel,kg,1.90\nAluminium,kg,16.10\n\"Freight, road\",tkm,0.1070\nSteel,t,1900\n";

    @Test
    void findsRowsAndKeepsDigits() {
        assertThat(csv("{\"where\": {\"category\": \"steel\", \"unit\": \"kg\"}}"))
                .isEqualTo(ToolOutput.ok(
                        "{\"matched\":1,\"rows\":[{\"category\":\"Steel\",\"unit\":\"kg\",\"factor\":\"1.90\"}]}"));
        assertThat(csv("{\"where\": {\"factor\": 0.107}}"))
                .isEqualTo(
                        ToolOutput.ok(
                                "{\"matched\":1,\"rows\":[{\"category\":\"Freight, road\",\"unit\":\"tkm\",\"factor\":\"0.1070\"}]}"));
    }

    @Test
    void severalValuesOfOneColumnAreAlternatives() {
        assertThat(csv("{\"where\": {\"category\": [\"Steel\", \"aluminium\"]}, \"limit\": 2}"))
                .isEqualTo(ToolOutput.ok(
                        "{\"matched\":3,\"truncated\":true,\"rows\":[{\"category\":\"Steel\",\"unit\":\"kg\",\"factor\":\"1.90\"},"
                                + "{\"category\":\"Aluminium\",\"unit\":\"kg\",\"factor\":\"16.10\"}]}"));
    }

    @Test
    void aMissNamesNearValues() {
        assertThat(csv("{\"where\": {\"category\": \"Aluminum\"}}"))
                .isEqualTo(ToolOutput.error(
                        "No row matches. \"category\" is never \"Aluminum\"; near values: \"Aluminium\", "
                                + "\"Steel\", \"Freight, road\"."));
        assertThat(csv("{\"where\": {\"category\": \"Aluminium\", \"unit\": \"t\"}}"))
                .isEqualTo(ToolOutput.error("No row matches."));
    }

    @Test
    void anUnknownColumnListsTheColumns() {
        assertThat(csv("{\"where\": {\"kind\": \"Steel\"}}"))
                .isEqualTo(ToolOutput.error("There is no column \"kind\". Columns: category, unit, factor."));
    }

    @Test
    void theDefinitionTellsTheColumns() {
        assertThat(new LookupTool("f", "Factors.", LookupTable.parse("a.csv", CSV))
                        .definition()
                        .description())
                .isEqualTo("Factors. Columns: category, unit, factor. 4 rows.");
    }

    @Test
    void everyFormatGivesTheSameRows() {
        LookupTool json = tool("t.json", "[{\"name\": \"a\", \"n\": 1.50}, {\"name\": \"b\", \"n\": 2}]");
        LookupTool yaml = tool("t.yaml", "- {name: a, n: 1.50}\n- {name: b, n: 2}\n");
        String expected = "{\"matched\":1,\"rows\":[{\"name\":\"a\",\"n\":1.50}]}";
        assertThat(json.call(read("{\"where\": {\"n\": 1.5}}"))).isEqualTo(ToolOutput.ok(expected));
        assertThat(yaml.call(read("{\"where\": {\"n\": \"1.5\"}}"))).isEqualTo(ToolOutput.ok(expected));
        assertThat(tool("csv", "\uFEFFname,n\na,1.50\n").call(read("{\"where\": {\"name\": \"a\"}}")))
                .isEqualTo(ToolOutput.ok("{\"matched\":1,\"rows\":[{\"name\":\"a\",\"n\":\"1.50\"}]}"));
    }

    @Test
    void allRowsComeUpToTheLimit() {
        String big = "n\n" + IntStream.range(0, 500).mapToObj(String::valueOf).collect(Collectors.joining("\n"));
        assertThat(tool("b.csv", big).call(read("{}")))
                .isInstanceOfSatisfying(
                        ToolOutput.Ok.class,
                        ok -> assertThat(ok.text().shown())
                                .startsWith("{\"matched\":500,\"truncated\":true,\"rows\":[{\"n\":\"0\"}")
                                .endsWith("{\"n\":\"19\"}]}"));
    }

    @Test
    void noRowIsCutInTwo() {
        String wide = "n,text\n"
                + IntStream.range(0, 100)
                        .mapToObj(i -> i + "," + "é".repeat(500) + "\n")
                        .collect(Collectors.joining());
        assertThat(tool("w.csv", wide).call(read("{\"limit\": 100}")))
                .isInstanceOfSatisfying(ToolOutput.Ok.class, ok -> {
                    assertThat(ok.text().truncatedFrom()).isZero();
                    assertThat(ok.text().shown())
                            .startsWith("{\"matched\":100,\"truncated\":true")
                            .endsWith("}]}");
                });
    }

    @Test
    @Timeout(5)
    void manyValuesInALargeTableAreFoundAtOnce() {
        String large = "id,v\n"
                + IntStream.range(0, 50_000).mapToObj(i -> i + "," + i + "\n").collect(Collectors.joining());
        String ids = IntStream.range(0, 200).mapToObj(String::valueOf).collect(Collectors.joining(","));
        assertThat(tool("l.csv", large).call(read("{\"where\": {\"id\": [" + ids + "]}, \"limit\": 200}")))
                .isInstanceOfSatisfying(
                        ToolOutput.Ok.class, ok -> assertThat(ok.text().shown()).startsWith("{\"matched\":200"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            t.txt  | x            | does not tell the format
            t.json | {"a": 1}     | a table is a list of objects
            t.json | [1]          | row 0 is no object
            t.json | [{           | holds no table
            t.yaml | 'a: [b'      | holds no table
            t.csv  | a,b          | has no rows
            """)
    void whatIsNoTableIsRefused(String key, String text, String problem) {
        assertThatThrownBy(() -> LookupTable.parse(key, text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void aTableIsParsedOncePerRevision() {
        LookupTables tables = new LookupTables();
        var revision = ToolboxTest.revision("{}");
        var ref = new dev.tagma.api.v1alpha1.KeyRef("tables", "factors.csv");
        assertThat(tables.table(revision, ref)).isSameAs(tables.table(revision, ref));
    }

    private static ToolOutput csv(String arguments) {
        return tool("factors.csv", CSV).call(read(arguments));
    }

    private static LookupTool tool(String key, String text) {
        return new LookupTool("factors", null, LookupTable.parse(key, text));
    }

    private static ObjectNode read(String json) {
        try {
            return (ObjectNode) Json.MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
