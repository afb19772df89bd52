package dev.tagma.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tagma.store.TestPostgres;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Manifests, each right by itself, that lead to nothing: all is said before anything runs, each with its object and field. */
class UnresolvedIT {
    private static final String YAML = """
            kind: ConfigMap
            metadata: {name: data}
            data:
              script: "rules: [{reply: {text: done}}]"
              list: "[1, 2]"
            ---
            kind: Secret
            metadata: {name: keys}
            stringData: {one: "1"}
            ---
            kind: ModelProvider
            metadata: {name: scripted}
            spec: {type: Scripted, script: {configMapKeyRef: {name: data, key: script}}}
            ---
            kind: ModelProvider
            metadata: {name: nosecret}
            spec: {type: OpenAI, credentials: {secretKeyRef: {name: nobody, key: one}}}
            ---
            kind: ModelProvider
            metadata: {name: nokey}
            spec: {type: OpenAI, credentials: {secretKeyRef: {name: keys, key: two}}}
            ---
            kind: ModelProvider
            metadata: {name: noscript}
            spec: {type: Scripted, script: {configMapKeyRef: {name: data, key: other}}}
            ---
            kind: ModelProvider
            metadata: {name: foreign, namespace: elsewhere}
            spec: {type: Scripted, script: {configMapKeyRef: {name: data, key: script}}}
            ---
            kind: AgentPool
            metadata: {name: default}
            spec:
              models: [{name: primary, providerRef: {name: scripted}, model: any}]
              agents:
              - {name: clerk, instructions: Do it., models: [primary]}
              - {name: other, instructions: Do it., models: [primary]}
              missionLimits: {timeout: 10m, tokens: 1000, cost: "1", priority: 5}
            ---
            kind: AgentPool
            metadata: {name: wrong}
            spec:
              models:
              - {name: a, providerRef: {name: nobody}, model: any}
              - {name: b, providerRef: {name: nosecret}, model: any}
              - {name: c, providerRef: {name: nokey}, model: any}
              - {name: d, providerRef: {name: noscript}, model: any}
              - {name: e, providerRef: {name: foreign, namespace: elsewhere}, model: any}
              agents: [{name: clerk, instructions: Do it., models: [a]}]
            ---
            kind: AgentPool
            metadata: {name: empty}
            spec:
              models: [{name: primary, providerRef: {name: scripted}, model: any}]
              agents: [{name: clerk, instructionsFrom: {configMapKeyRef: {name: data, key: prompt}}, models: [primary]}]
              tools: [{name: rows, lookup: {configMapKeyRef: {name: nothing, key: rows.csv}}}]
            """
            + Manifests.mission("nopool", "{goal: go, poolRef: {name: nobody}}")
            + Manifests.mission("noagent", "{goal: go}")
            + Manifests.mission("wrongagent", "{goal: go, agent: nobody}")
            + Manifests.mission(
                    "noinputs", "{goal: go, agent: clerk, inputsFrom: {configMapKeyRef: {name: data, key: none}}}")
            + Manifests.mission(
                    "list", "{goal: go, agent: clerk, inputsFrom: {configMapKeyRef: {name: data, key: list}}}")
            + Manifests.mission("long", "{goal: go, agent: clerk, timeout: 1h}")
            + Manifests.mission("urgent", "{goal: go, agent: clerk, priority: 6}")
            + Manifests.mission("hungry", "{goal: go, agent: clerk, budget: {tokens: 1001}}")
            + Manifests.mission("rich", "{goal: go, agent: clerk, budget: {cost: \"1.01\"}}")
            + "---\nkind: Mission\nmetadata: {name: stranger, namespace: abroad}\n"
            + "spec: {goal: go, agent: clerk, poolRef: {name: default, namespace: default}}\n";

    private static List<String> problems;

    @BeforeAll
    static void prepare() {
        try (Rig rig = new Rig(TestPostgres.shared().fresh(), YAML)) {
            EmbeddedSystem system = rig.system("only");
            problems = catchThrowableOfType(RunningSystem.UnresolvedException.class, system::prepare)
                    .problems();
            assertThat(rig.missions()).as("nothing was admitted").isEmpty();
        }
    }

    @Test
    void anUnknownPoolIsNamed() {
        said("mission default/nopool", "PoolNotFound", "default/nobody");
    }

    @Test
    void anUnknownAgentIsNamedWithThoseThatThereAre() {
        said("mission default/wrongagent", "AgentNotFound", "nobody", "clerk, other");
        said("mission default/noagent", "spec.agent is required", "clerk, other");
    }

    @Test
    void anUnknownProviderIsNamed() {
        said("agentpool default/wrong", "spec.models[a]", "default/nobody");
    }

    @Test
    void anUnknownSecretAndAnUnknownKeyAreNamed() {
        said("agentpool default/wrong", "spec.models[b]", "nobody/one");
        said("agentpool default/wrong", "spec.models[c]", "keys/two");
    }

    @Test
    void anUnknownScriptIsNamed() {
        said("agentpool default/wrong", "spec.models[d]", "data/other");
    }

    @Test
    void whatAllowedNamespacesDoNotPermitIsRefused() {
        said("agentpool default/wrong", "spec.models[e]", "elsewhere/foreign", "spec.allowedNamespaces");
        said("mission abroad/stranger", "PoolNotPermitted", "spec.allowedNamespaces");
    }

    @Test
    void unknownInstructionsAndTablesAreNamed() {
        said("agentpool default/empty", "spec.agents[clerk].instructionsFrom", "data/prompt");
        said("agentpool default/empty", "spec.tools[rows].lookup", "nothing/rows.csv");
    }

    @Test
    void unknownInputsAreNamedAndAListIsNoObject() {
        said("mission default/noinputs", "InputsNotFound", "data/none");
        said("mission default/list", "InvalidSpec", "spec.inputsFrom", "object", "array");
    }

    @Test
    void whatGoesBeyondTheMissionLimitsIsRefusedByField() {
        said("mission default/long", "LimitsExceeded", "spec.timeout is 1h", "10m");
        said("mission default/urgent", "LimitsExceeded", "spec.priority is 6", "5");
        said("mission default/hungry", "LimitsExceeded", "spec.budget.tokens is 1001", "1000");
        said("mission default/rich", "LimitsExceeded", "spec.budget.cost is 1.01", "1");
    }

    private static void said(String... parts) {
        assertThat(problems).anySatisfy(problem -> assertThat(problem).contains(parts));
    }
}
