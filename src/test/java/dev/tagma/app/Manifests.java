package dev.tagma.app;

/** The manifests of system tests. */
public final class Manifests {
    private Manifests() {}

    /** A Scripted provider with these rules (YAML, a list), and a pool of one agent with these tools (YAML, a list). */
    public static String pool(String rules, String tools, String... names) {
        return """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: script}
                data:
                  script: |
                    rules:
                %s
                ---
                apiVersion: tagma.dev/v1alpha1
                kind: ModelProvider
                metadata: {name: scripted}
                spec: {type: Scripted, script: {configMapKeyRef: {name: script, key: script}}}
                ---
                apiVersion: tagma.dev/v1alpha1
                kind: AgentPool
                metadata: {name: default}
                spec:
                  models: [{name: primary, providerRef: {name: scripted}, model: any}]
                  agents: [{name: clerk, instructions: Do it., models: [primary], tools: [%s]}]
                  tools:
                %s
                """.formatted(
                        rules.indent(4).stripTrailing(),
                        String.join(", ", names),
                        tools.indent(2).stripTrailing());
    }

    /** A pool whose agent calls the witness's NonIdempotent tool {@code pay} once in each of so many turns. */
    public static String payments(Witness witness, int turns) {
        String rules = """
                - when: {turn: 0..%d}
                  latency: 10ms..30ms
                  reply: {toolCalls: [{tool: pay, arguments: {turn: "{{turn}}"}}]}
                - reply: {text: "done"}
                """.formatted(turns - 1);
        return pool(rules, witnessed("pay", witness, "POST", "sideEffects: NonIdempotent"), "pay");
    }

    /** A mission with this spec in YAML's flow style. */
    public static String mission(String name, String spec) {
        return """
                ---
                apiVersion: tagma.dev/v1alpha1
                kind: Mission
                metadata: {name: %s}
                spec: %s
                """.formatted(name, spec);
    }

    /** An HTTP tool of the witness. */
    public static String witnessed(String name, Witness witness, String method, String more) {
        return witnessed(name, witness.authority(), method, more);
    }

    /** An HTTP tool of the witness at this host and port. */
    public static String witnessed(String name, String authority, String method, String more) {
        return """
                - name: %s
                  http: {url: "http://%s/%s", method: %s, allowedHosts: ["%s"]}
                  parameters: {type: object, properties: {turn: {type: integer}}}
                  %s
                """.formatted(name, authority, name, method, authority, more);
    }
}
