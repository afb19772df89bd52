package dev.tagma.operator.mission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tagma.operator.mission.StatusWriter.MergePatch;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class MergePatchTest {
    private static final JsonMapper JSON = new JsonMapper();

    @Test
    void onlyTheDifferenceIsInThePatch() throws IOException {
        assertThat(between("{'a':1,'b':{'c':2,'d':3}}", "{'a':1,'b':{'c':2,'d':4}}"))
                .isEqualTo(tree("{'b':{'d':4}}"));
    }

    @Test
    void whatIsGoneIsNull() throws IOException {
        assertThat(between("{'a':1,'b':{'c':2}}", "{'b':{}}")).isEqualTo(tree("{'a':null,'b':{'c':null}}"));
    }

    @Test
    void aListIsReplacedAsAWhole() throws IOException {
        assertThat(between("{'a':[1,2]}", "{'a':[1,3]}")).isEqualTo(tree("{'a':[1,3]}"));
    }

    @Test
    void theSameNeedsNothing() throws IOException {
        assertThat(between("{'a':[1],'b':{}}", "{'a':[1],'b':{}}")).isEqualTo(tree("{}"));
    }

    @Test
    void whereThereWasNothingTheWholeIsWritten() throws IOException {
        assertThat(between("null", "{'a':1}")).isEqualTo(tree("{'a':1}"));
        assertThat(between("{'a':1}", "{'a':{'b':1}}")).isEqualTo(tree("{'a':{'b':1}}"));
    }

    private static JsonNode between(String before, String after) throws IOException {
        return MergePatch.between(tree(before), tree(after));
    }

    private static JsonNode tree(String json) throws IOException {
        return JSON.readTree(json.replace('\'', '"'));
    }
}
