package dev.tagma.e2e;

import dev.tagma.app.Manifests;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** Secrets that are really used, by calls that succeed and by calls that fail, of services that show what they were sent. */
final class SecretKeeping implements AutoCloseable {
    /** What may be seen, where a secret may not: of a mission, of what tools and models said, and of the audit. */
    private static final String MARK = "a-goal-that-anybody-may-see";

    private static final String SAID = "this is what was sent";
    private static final String AUDITED = "\"tool\":\"t200\"";

    private static final List<Integer> STATUSES = List.of(200, 302, 400, 401, 429, 500);
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final String namespace;
    private final Outside outside;
    private final String key = "sk-" + random();
    private final String header = "tool-" + random();

    SecretKeeping(String namespace, Outside outside) {
        this.namespace = namespace;
        this.outside = outside;
    }

    private static String random() {
        byte[] bytes = new byte[24];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** Runs missions of which each uses a secret, to their ends. */
    void useAll() {
        Suite.createNamespace(namespace);
        Suite.apply(namespace, manifests());
        Suite.kubectl("wait", "-n", namespace, "agentpool/default", "--for=condition=Ready", "--timeout=180s")
                .ok();
        Suite.apply(namespace, missions());
        Suite.kubectl("wait", "-n", namespace, "missions", "--all", "--for=condition=Finished", "--timeout=180s")
                .ok();
        for (int status : STATUSES) {
            awaitMirrored("/" + status + "/v1/chat/completions", key);
            awaitMirrored("/" + status + "/v1/models", key);
            awaitMirrored("/" + status + "/tool", header);
        }
        awaitMirrored("/401/mcp", header);
    }

    private void awaitMirrored(String path, String secret) {
        Waiting.atMost(PATIENCE, "a secret to be sent to " + path)
                .until(() ->
                        outside.mirrored().stream().anyMatch(line -> line.startsWith(path) && line.contains(secret)));
    }

    private String manifests() {
        StringBuilder text = new StringBuilder("""
                apiVersion: v1
                kind: Secret
                metadata: {name: secrets}
                stringData: {key: %s, header: "Bearer %s"}
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: script}
                data:
                  script: |
                    rules:
                """.formatted(key, header));
        for (int i = 0; i < STATUSES.size(); i++) {
            text.append(
                    "    - {when: {goalContains: tools, turn: %d}, reply: {toolCalls: [{tool: t%d, arguments: {}}]}}\n"
                            .formatted(i, STATUSES.get(i)));
        }
        text.append("""
                    - {when: {goalContains: tools, turn: %d}, reply: {toolCalls: [{tool: gone, arguments: {}}]}}
                    - {when: {goalContains: mcp, turn: 0}, reply: {toolCalls: [{tool: mcp, arguments: {}}]}}
                    - {reply: {text: done}}
                ---
                apiVersion: tagma.dev/v1alpha1
                kind: ModelProvider
                metadata: {name: scripted}
                spec: {type: Scripted, script: {configMapKeyRef: {name: script, key: script}}}
                """.formatted(STATUSES.size()));
        STATUSES.forEach(status -> text.append(provider("p" + status, outside.mirror() + "/" + status)));
        text.append(provider("gone", outside.mirror().split(":")[0] + ":1024"));
        text.append(provider("good", outside.models()));
        return text.append(pool()).toString();
    }

    private static String provider(String name, String address) {
        return """
                ---
                apiVersion: tagma.dev/v1alpha1
                kind: ModelProvider
                metadata: {name: %s}
                spec:
                  type: OpenAI
                  endpoint: http://%s/v1
                  credentials: {secretKeyRef: {name: secrets, key: key}}
                  retry: {limit: 1, backoff: {initial: 100ms, factor: 1, max: 100ms}}
                """.formatted(name, address);
    }

    private String pool() {
        StringBuilder models = new StringBuilder();
        StringBuilder agents = new StringBuilder();
        StringBuilder tools = new StringBuilder();
        StringBuilder names = new StringBuilder();
        List.of("p200", "p302", "p400", "p401", "p429", "p500", "gone", "good").forEach(provider -> {
            models.append("  - {name: %s, providerRef: {name: %s}, model: any}\n".formatted(provider, provider));
            agents.append("  - {name: %s, instructions: Do it., models: [%s]}\n".formatted(provider, provider));
        });
        STATUSES.forEach(status -> {
            tools.append(tool("t" + status, outside.mirror() + "/" + status + "/tool"));
            names.append("t").append(status).append(", ");
        });
        tools.append(tool("gone", outside.mirror().split(":")[0] + ":1024/tool"));
        return """
                ---
                apiVersion: tagma.dev/v1alpha1
                kind: AgentPool
                metadata: {name: default}
                spec:
                  runtime: %s
                  models:
                  - {name: primary, providerRef: {name: scripted}, model: any}
                %s  agents:
                  - {name: caller, instructions: Do it., models: [primary], tools: [%sgone]}
                  - {name: server, instructions: Do it., models: [primary], tools: [mcp]}
                %s  tools:
                  - name: mcp
                    mcp:
                      url: http://%s/401/mcp
                      allowedHosts: ["%s"]
                      headers: [{name: Authorization, valueFrom: {secretKeyRef: {name: secrets, key: header}}}]
                %s""".formatted(Fleet.SMALL, models, names, agents, outside.mirror(), outside.mirror(), tools);
    }

    private static String tool(String name, String address) {
        return """
                  - name: %s
                    http:
                      url: http://%s
                      allowedHosts: ["%s"]
                      headers: [{name: Authorization, valueFrom: {secretKeyRef: {name: secrets, key: header}}}]
                """.formatted(name, address, address.split("/")[0]);
    }

    private static String missions() {
        StringBuilder text = new StringBuilder();
        text.append(mission("tools", "caller"));
        text.append(mission("mcp", "server"));
        List.of("p200", "p302", "p400", "p401", "p429", "p500", "gone", "good")
                .forEach(agent -> text.append(mission("ask-" + agent, agent)));
        return text.toString();
    }

    private static String mission(String goal, String agent) {
        return Manifests.mission(
                "m-" + goal,
                "{goal: " + goal + " " + MARK + ", agent: " + agent + ", maxIterations: 20, timeout: 60s}");
    }

    /** A search for the values, and for parts of them. */
    Everywhere look() {
        return everywhere(Stream.of(key, header, Tagma.secret("tagma-postgres", "password"))
                .flatMap(secret -> Stream.of(parts(secret)))
                .toArray(String[]::new));
    }

    /** The same search for what may be seen. */
    Everywhere marked() {
        return everywhere(MARK, SAID, AUDITED);
    }

    private static String[] parts(String secret) {
        return new String[] {secret.substring(0, 16), secret.substring(secret.length() - 16)};
    }

    private Everywhere everywhere(String... texts) {
        Suite.kubectl("create", "serviceaccount", "reader", "-n", namespace, "--dry-run=client", "-o", "yaml")
                .ok()
                .transform(yaml -> Suite.apply(namespace, yaml));
        Suite.kubectl(
                        "create",
                        "rolebinding",
                        "reader",
                        "-n",
                        namespace,
                        "--clusterrole=cluster-admin",
                        "--serviceaccount=" + namespace + ":reader",
                        "--dry-run=client",
                        "-o",
                        "yaml")
                .ok()
                .transform(yaml -> Suite.apply(namespace, yaml));
        return new Everywhere(texts)
                .logs(namespace)
                .metrics(namespace)
                .objects(namespace)
                .transcripts(namespace, Tokens.ofUser(namespace, "reader"));
    }

    @Override
    public void close() {
        Suite.deleteNamespace(namespace);
    }
}
