package dev.tagma.operator.pool;

import dev.tagma.operator.OperatorRig;
import java.util.Arrays;

/** Manifests of pools and what they need. */
public final class Pools {
    public static final String PROVIDER = """
            apiVersion: tagma.dev/v1alpha1
            kind: ModelProvider
            metadata: {name: scripted}
            spec:
              type: Scripted
              script: {configMapKeyRef: {name: demo, key: script}}
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: demo}
            data:
              script: |
                rules: [{reply: {text: done}}]
            """;

    private Pools() {}

    /** A pool of one agent; {@code more} are further fields of its spec. */
    public static String pool(String name, String... more) {
        return """
                apiVersion: tagma.dev/v1alpha1
                kind: AgentPool
                metadata: {name: %s}
                spec:
                  models: [{name: m, providerRef: {name: scripted}, model: x}]
                  agents: [{name: a, instructions: Do., models: [m]}]
                """.formatted(name)
                + String.join(
                        "", Arrays.stream(more).map(each -> "  " + each + "\n").toList());
    }

    /** A pool that serves with one runtime. */
    public static void serving(OperatorRig rig, String name) {
        rig.apply(PROVIDER);
        rig.apply(pool(name));
        rig.runPods(name, 1);
        rig.awaitReason(name, "Available");
    }
}
