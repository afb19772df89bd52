package dev.tagma.mission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.tagma.api.v1alpha1.AgentPoolSpec;
import dev.tagma.api.v1alpha1.MissionSpec;
import dev.tagma.mission.Admission.Candidate;
import dev.tagma.mission.Admission.Pool;
import dev.tagma.mission.Admission.Verdict;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String ONE_AGENT = """
            {"agents": [{"name": "analyst"}], "missionDefaults": {"timeout": "2m"},
             "missionLimits": {"timeout": "10m", "tokens": 1000, "cost": "1", "priority": 50}}""";

    @Test
    void defaultsOfThePoolAndLimitsAsBudgetAreMerged() throws Exception {
        MissionSpec spec = admitted("{\"goal\": \"go\"}", ONE_AGENT).spec();
        assertThat(spec.agent()).isEqualTo("analyst");
        assertThat(spec.timeout()).isEqualTo("2m");
        assertThat(spec.maxIterations()).isEqualTo(10);
        assertThat(spec.priority()).isZero();
        assertThat(spec.budget().tokens()).isEqualTo(1000);
        assertThat(spec.budget().cost()).isEqualTo("1");
    }

    @Test
    void theMissionsOwnWordsWin() throws Exception {
        MissionSpec spec = admitted(
                        "{\"goal\": \"go\", \"timeout\": \"9m\", \"maxIterations\": 3, \"budget\": {\"tokens\": 10}}",
                        ONE_AGENT)
                .spec();
        assertThat(spec.timeout()).isEqualTo("9m");
        assertThat(spec.maxIterations()).isEqualTo(3);
        assertThat(spec.budget().tokens()).isEqualTo(10);
        assertThat(spec.budget().cost()).isEqualTo("1");
    }

    @Test
    void withoutAnyWordTheTimeoutIsFiveMinutes() throws Exception {
        assertThat(admitted("{\"goal\": \"go\"}", "{\"agents\": [{\"name\": \"a\"}]}")
                        .spec()
                        .timeout())
                .isEqualTo("5m");
    }

    @Test
    void everyLimitOfThePoolNamesTheFieldAndTheLimit() throws Exception {
        assertThat(refused("{\"timeout\": \"11m\"}", ONE_AGENT))
                .isEqualTo("spec.timeout is 11m, the pool's spec.missionLimits.timeout is 10m");
        assertThat(refused("{\"priority\": 51}", ONE_AGENT)).startsWith("spec.priority is 51");
        assertThat(refused("{\"budget\": {\"tokens\": 1001}}", ONE_AGENT)).startsWith("spec.budget.tokens is 1001");
        assertThat(refused("{\"budget\": {\"cost\": \"1.01\"}}", ONE_AGENT)).startsWith("spec.budget.cost is 1.01");
    }

    @Test
    void whatMayStillAppearIsPending() throws Exception {
        assertThat(decide("{}", null, null, true))
                .isEqualTo(new Verdict.Pending(Reason.PoolNotFound, "no AgentPool carbon/default"));
        assertThat(decide("{\"poolRef\": {\"name\": \"p\", \"namespace\": \"n\"}}", null, null, true))
                .isEqualTo(new Verdict.Pending(Reason.PoolNotFound, "no AgentPool n/p"));
        assertThat(reason(decide("{}", ONE_AGENT, null, false))).isEqualTo(Reason.PoolNotPermitted);
        assertThat(decide("{\"agent\": \"poet\"}", ONE_AGENT, null, true))
                .isEqualTo(new Verdict.Pending(
                        Reason.AgentNotFound, "AgentPool analysts has no agent poet, it has: analyst"));
        assertThat(decide("{}", "{\"agents\": [{\"name\": \"a\"}, {\"name\": \"b\"}]}", null, true))
                .isEqualTo(new Verdict.Pending(
                        Reason.AgentNotFound, "spec.agent is required: AgentPool analysts has several agents: a, b"));
        assertThat(reason(decide(
                        "{\"inputsFrom\": {\"configMapKeyRef\": {\"name\": \"c\", \"key\": \"k\"}}}",
                        ONE_AGENT,
                        null,
                        true)))
                .isEqualTo(Reason.InputsNotFound);
    }

    @Test
    void inputsAreResolvedOnceAndBounded() throws Exception {
        String from = "{\"inputsFrom\": {\"configMapKeyRef\": {\"name\": \"c\", \"key\": \"k\"}}}";
        JsonNode small = JSON.readTree("{\"x\": 1}");
        MissionSpec spec = ((Verdict.Admitted) decide(from, ONE_AGENT, small, true))
                .mission()
                .spec();
        assertThat(spec.inputs()).isEqualTo(small);
        assertThat(spec.inputsFrom()).isNull();
        JsonNode large = JsonNodeFactory.instance.textNode("x".repeat(Admission.MAX_INPUTS));
        assertThat(decide(from, ONE_AGENT, large, true)).isInstanceOfSatisfying(Verdict.Refused.class, refused -> {
            assertThat(refused.reason()).isEqualTo(Reason.InputsTooLarge);
            assertThat(refused.message()).startsWith("spec.inputs has 65538 bytes");
        });
    }

    private static NewMission admitted(String spec, String pool) throws Exception {
        return ((Verdict.Admitted) decide(spec, pool, null, true)).mission();
    }

    private static String refused(String spec, String pool) throws Exception {
        Verdict.Refused refused = (Verdict.Refused) decide(spec, pool, null, true);
        assertThat(refused.reason()).isEqualTo(Reason.LimitsExceeded);
        return refused.message();
    }

    private static Reason reason(Verdict verdict) {
        return ((Verdict.Pending) verdict).reason();
    }

    private static Verdict decide(String spec, String pool, JsonNode inputs, boolean permitted) throws Exception {
        Pool found = pool == null
                ? null
                : new Pool(
                        UUID.randomUUID(),
                        "platform",
                        "analysts",
                        JSON.readValue(pool, AgentPoolSpec.class),
                        permitted);
        return Admission.decide(new Candidate(
                UUID.randomUUID(), "carbon", "m", JSON.readValue(spec, MissionSpec.class), found, inputs));
    }
}
