package dev.tagma.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tagma.agent.AnswerJudge.Verdict;
import dev.tagma.agent.AnswerJudge.Verdict.Answer;
import dev.tagma.agent.AnswerJudge.Verdict.Unfit;
import dev.tagma.mission.step.StepContent.ModelReply;
import dev.tagma.mission.step.StepContent.ModelReply.Stop;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerJudgeTest {
    private static final JsonNode SCHEMA = Specs.json("""
            {"type": "object", "required": ["total"], "properties": {
              "total": {"type": "number", "minimum": 0},
              "lines": {"type": "array", "items": {"type": "object", "properties": {"kg": {"type": "number"}}}}}}""");

    private final AnswerJudge judge = new AnswerJudge();

    private Verdict judge(JsonNode schema, String text) {
        return judge.judge(schema, new ModelReply(text, List.of(), "m", 1, 1, 1, Stop.Answer, List.of()));
    }

    @Test
    void withoutASchemaTheTextIsTheAnswer() {
        assertThat(judge(null, " All good.\n")).isEqualTo(new Answer("All good.", null));
    }

    @Test
    void bareJsonIsAccepted() {
        assertThat(judge(SCHEMA, "{\"total\": 1}")).isEqualTo(new Answer(null, Specs.json("{\"total\": 1}")));
    }

    @Test
    void jsonInAFencedBlockIsAcceptedAndTheProseIsTheSummary() {
        Verdict verdict = judge(SCHEMA, "First ```{}```, then:\n```json\n{\"total\": 2}\n```\nThat is all.");
        assertThat(verdict).isInstanceOfSatisfying(Answer.class, answer -> {
            assertThat(answer.output()).isEqualTo(Specs.json("{\"total\": 2}"));
            assertThat(answer.summary()).startsWith("First").endsWith("That is all.");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"12345678901234567890.123456789012345678901234567890", "1.10", "0.1", "100", "1e3"})
    void numbersAreKeptToTheLastDigit(String number) {
        Answer answer = (Answer) judge(SCHEMA, "{\"total\": " + number + "}");
        assertThat(answer.output().get("total").decimalValue()).isEqualTo(new java.math.BigDecimal(number));
    }

    @Test
    void theProblemNamesThePath() {
        Unfit unfit = (Unfit) judge(SCHEMA, "{\"lines\": [{\"kg\": 1}, {\"kg\": \"two\"}], \"total\": -1}");
        assertThat(unfit.problem()).contains("$.lines[1].kg", "$.total");
    }

    @Test
    void aMissingFieldIsNamed() {
        assertThat(((Unfit) judge(SCHEMA, "{}")).problem()).contains("total");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "twelve",
                "{\"total\": 1",
                "{\"total\": 1} and more",
                "{\"total\": 1, \"total\": 2}",
                "{\"total\": NaN}"
            })
    void whatIsNoJsonGoesBackWithTheReason(String text) {
        assertThat(judge(SCHEMA, text))
                .isInstanceOfSatisfying(
                        Unfit.class, unfit -> assertThat(unfit.problem()).contains("not JSON"));
    }

    @Test
    void nothingIsNoAnswer() {
        assertThat(judge(null, " ")).isInstanceOf(Unfit.class);
        assertThat(judge(SCHEMA, "```json\n\n```")).isInstanceOf(Unfit.class);
    }

    @Test
    void aTextThatWasCutOffIsNoAnswer() {
        ModelReply cut = new ModelReply("{\"total\": 1}", List.of(), "m", 1, 1, 1, Stop.Length, List.of());
        assertThat(judge.judge(SCHEMA, cut)).isInstanceOf(Unfit.class);
    }

    @Test
    void hostileAnswersAreUnfitAndHarmless() {
        JsonNode multiple = Specs.json("{\"properties\": {\"total\": {\"multipleOf\": 0.01}}}");
        assertThat(judge(multiple, "{\"total\": 1e999999999}")).isInstanceOf(Unfit.class);
        assertThat(judge(multiple, "{\"total\": 1e-999999999}")).isInstanceOf(Unfit.class);
        assertThat(judge(SCHEMA, "[".repeat(100_000))).isInstanceOf(Unfit.class);
        assertThat(judge(SCHEMA, "```\n".repeat(50_000))).isInstanceOf(Unfit.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "\"string\"",
                "{\"type\": 12}",
                "{\"$ref\": \"https://127.0.0.1:1/x\"}",
                "{\"$ref\": \"file:///etc/hostname\"}",
                "{\"$ref\": \"classpath:application.properties\"}",
                "{\"$schema\": \"https://127.0.0.1:1/meta\"}",
                "{\"pattern\": \"(\"}"
            })
    void aSchemaThatCannotBeUsedIsRefusedByName(String schema) {
        assertThatThrownBy(() -> judge.check(Specs.json(schema)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("spec.outputSchema");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\", \"type\": \"object\"}",
                "{\"$defs\": {\"n\": {\"type\": \"number\"}}, \"properties\": {\"a\": {\"$ref\": \"#/$defs/n\"}}}"
            })
    void ordinarySchemasAreAccepted(String schema) {
        judge.check(Specs.json(schema));
        assertThat(judge(Specs.json(schema), "{\"a\": 1}")).isInstanceOf(Answer.class);
    }

    @Test
    void aSchemaThatRefersToItselfWithoutEndIsUnfitAndHarmless() {
        assertThat(judge(Specs.json("{\"$ref\": \"#\"}"), "{}")).isInstanceOf(Unfit.class);
    }
}
