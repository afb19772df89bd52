package dev.tagma.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.kube.Cluster;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Objects that another version of Tagma stored: with fields and words that ours does not know, or without those that ours added. A
 * watch goes on over them.
 */
class OtherVersionsIT {
    private static final String OBJECTS = """
            apiVersion: tagma.dev/v1alpha1
            kind: Mission
            metadata: {name: newer}
            spec:
              goal: Estimate.
              novelty: {deep: [1]}
              poolRef: {name: analysts, novelty: 1}
              inputsFrom: {novelty: x, configMapKeyRef: {name: a, key: b, novelty: 1}}
              retry: {limit: 1, novelty: 1}
              budget: {tokens: 5, onExceeded: Novelty, novelty: 1}
              retention: {novelty: 1}
            status:
              phase: Novelty
              novelty: {a: 1}
              pool: {name: analysts, novelty: 1}
              runtime: {epoch: 1, novelty: 1}
              checkpoint: {sequence: 1, novelty: 1}
              usage: {iterations: 1, novelty: 1, tokens: {input: 1, novelty: 1}}
              result: {summary: x, novelty: 1}
              failure: {reason: x, novelty: 1}
              failovers: [{type: Novelty, novelty: 1}]
              conditions: [{type: Novel, status: Novelty, reason: x, message: x, lastTransitionTime: "2026-01-01T00:00:00Z", novelty: 1}]
            ---
            apiVersion: tagma.dev/v1alpha1
            kind: AgentPool
            metadata: {name: newer}
            spec:
              novelty: 1
              allowedNamespaces: {from: Novelty, novelty: 1, selector: {novelty: 1, matchLabels: {a: b}}}
              models:
              - {name: m, model: m, novelty: 1, providerRef: {name: p, novelty: 1}, parameters: {novelty: 1}}
              agents:
              - {name: a, instructions: x, models: [m], novelty: 1, instructionsFrom: {novelty: 1, configMapKeyRef: {name: a, key: b}}}
              tools:
              - {name: novel, novelty: {url: x}, sideEffects: Novelty, onUnknownOutcome: Novelty}
              - {name: novelBuiltin, builtin: Novelty}
              - {name: http, http: {url: "https://a", method: NOVELTY, novelty: 1, headers: [{name: A, novelty: 1, valueFrom: {novelty: 1}}]}}
              - {name: mcp, mcp: {url: "https://a", novelty: 1}}
              - {name: formula, formula: {expression: a, novelty: 1, inputs: [{name: a, type: Novelty, novelty: 1}]}}
              - {name: lookup, lookup: {novelty: 1}}
              runtime: {novelty: 1}
              missionDefaults: {novelty: 1}
              missionLimits: {novelty: 1}
            status: {novelty: 1, conditions: []}
            ---
            apiVersion: tagma.dev/v1alpha1
            kind: ModelProvider
            metadata: {name: newer}
            spec:
              type: Novelty
              novelty: 1
              credentials: {novelty: 1}
              retry: {novelty: 1, backoff: {novelty: 1}}
              pricing: [{model: m, novelty: 1}]
              script: {novelty: 1}
            status: {novelty: 1}
            ---
            apiVersion: tagma.dev/v1alpha1
            kind: Mission
            metadata: {name: older}
            spec: {goal: Estimate.}
            """;

    private static Cluster cluster;

    @BeforeAll
    static void storeObjectsOfAnotherVersion() throws IOException {
        cluster = Cluster.own();
        cluster.kubectlWithInput(anything(), "apply", "--server-side", "-f", "-")
                .ok();
        cluster.kubectl("wait", "--for=condition=Established", "-f", "crds").ok();
        cluster.kubectlWithInput(OBJECTS, "create", "-f", "-").ok();
        cluster.applyCrds();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void watchGoesOnOverThem() {
        watchGoesOn(Mission.class, "newer");
        watchGoesOn(Mission.class, "older");
        watchGoesOn(AgentPool.class, "newer");
        watchGoesOn(ModelProvider.class, "newer");
    }

    private static <T extends HasMetadata> void watchGoesOn(Class<T> type, String name) {
        try (SharedIndexInformer<T> informer =
                cluster.client().resources(type).inNamespace("default").inform()) {
            assertThat(informer.getStore().list())
                    .extracting(each -> each.getMetadata().getName())
                    .contains(name);
            String seen = Long.toString(System.nanoTime());
            cluster.kubectlWithInput(
                            "", "annotate", type.getSimpleName().toLowerCase(), name, "--overwrite", "seen=" + seen)
                    .ok();
            Awaitility.await().untilAsserted(() -> {
                assertThat(informer.isWatching()).isTrue();
                assertThat(informer.getStore()
                                .getByKey("default/" + name)
                                .getMetadata()
                                .getAnnotations())
                        .containsEntry("seen", seen);
            });
        }
    }

    /** Our kinds with a schema that lets everything pass, status through the main resource too. */
    private static String anything() throws IOException {
        StringBuilder crds = new StringBuilder();
        for (String plural : List.of("missions", "agentpools", "modelproviders")) {
            String crd = Files.readString(Path.of("crds", plural + ".yaml"));
            assertThat(crd).contains("names:");
            crds.append("---\n").append(crd, 0, crd.indexOf("  versions:")).append("""
                      versions:
                      - name: v1alpha1
                        served: true
                        storage: true
                        schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
                    """);
        }
        return crds.toString();
    }
}
