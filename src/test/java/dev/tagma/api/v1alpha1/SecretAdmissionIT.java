package dev.tagma.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.kube.Cluster;
import dev.tagma.kube.Command;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** src/main/kube/admission.yaml: who names a Secret must be allowed to get it. Anna may get the Secret openai; Ben may get none. */
class SecretAdmissionIT {
    private static final Cluster CLUSTER = Cluster.shared();
    private static final String NAMESPACE = CLUSTER.newNamespace("authors");
    private static final String POOL = """
            apiVersion: tagma.dev/v1alpha1
            kind: AgentPool
            metadata: {name: %s}
            spec:
              models: [{name: main, providerRef: {name: openai}, model: m}]
              agents: [{name: one, instructions: Answer., models: [main]}]
              tools:
              - {name: quiet, http: {url: "https://example.org", headers: [{name: Accept, value: text/csv}]}}
              - {name: plan, builtin: Plan}
            %s
            """;
    private static final String PROVIDER = """
            apiVersion: tagma.dev/v1alpha1
            kind: ModelProvider
            metadata: {name: %s}
            spec: {type: OpenAI, credentials: {secretKeyRef: {name: openai, key: apiKey}}}
            """;

    @BeforeAll
    static void letTwoUsersWritePools() {
        CLUSTER.kubectl("apply", "--server-side", "-f", "src/main/kube/admission.yaml")
                .ok();
        for (String user : List.of("anna", "ben")) {
            grant(
                    user,
                    "writer",
                    "--verb=create,get,update,patch",
                    "--resource=agentpools.tagma.dev,agentpools.tagma.dev/scale,modelproviders.tagma.dev");
        }
        grant("anna", "openai", "--verb=get", "--resource=secrets", "--resource-name=openai");
        Awaitility.await()
                .untilAsserted(() -> assertThat(as("ben", pool("probe", "openai"), "create", "--dry-run=server")
                                .err())
                        .contains("names the Secret"));
        Awaitility.await()
                .untilAsserted(() -> assertThat(as("anna", pool("probe", "openai"), "create", "--dry-run=server")
                                .exit())
                        .isZero());
    }

    @Test
    void foreignSecretRefused() {
        String expected = " names the Secret openai, which ben may not get in namespace " + NAMESPACE
                + ": have somebody write this who may, or let ben get it";
        assertThat(as("ben", pool("theft", "openai"), "create").err())
                .contains("spec.tools[t0].http.headers[Authorization].valueFrom.secretKeyRef" + expected);
        String mcp = pool("theft", "openai").replace("t0, http:", "t0, mcp:");
        assertThat(as("ben", mcp, "create").err())
                .contains("spec.tools[t0].mcp.headers[Authorization].valueFrom.secretKeyRef" + expected);
        assertThat(as("ben", PROVIDER.formatted("theft"), "create").err())
                .contains("spec.credentials.secretKeyRef" + expected);
    }

    @Test
    void whoMayGetTheSecretMayNameIt() {
        as("anna", pool("own", "openai"), "create").ok();
        as("anna", PROVIDER.formatted("own"), "create").ok();
        assertThat(as("anna", pool("other", "openai", "billing"), "create").err())
                .contains("spec.tools[t1].http.headers[Authorization].valueFrom.secretKeyRef names the Secret billing,"
                        + " which anna may not get");
    }

    @Test
    void whoNamesNoSecretIsNotAsked() {
        as("ben", pool("plain"), "create").ok();
        as(
                        "ben",
                        PROVIDER.formatted("plain").replaceAll("credentials: .*", "endpoint: \"http://127.0.0.1:1\"}"),
                        "create")
                .ok();
    }

    @Test
    void whoChangesWhereASecretIsSentMustBeAllowedToGetItToo() {
        as("anna", pool("lent", "openai"), "create").ok();
        String elsewhere = pool("lent", "openai").replace("example.com/0", "ben.example.net");
        assertThat(as("ben", elsewhere, "apply", "--server-side", "--force-conflicts")
                        .err())
                .contains("which ben may not get");
        as("anna", PROVIDER.formatted("lent"), "create").ok();
        assertThat(run("ben", "patch", "modelprovider", "lent", "--type=merge", "-p", """
                        {"spec": {"endpoint": "https://ben.example.net"}}""")
                        .err())
                .contains("which ben may not get");
    }

    @Test
    void whoScalesOrLabelsAPoolIsNotAsked() {
        as("anna", pool("scaled", "openai"), "create").ok();
        run("ben", "scale", "agentpool", "scaled", "--replicas=2").ok();
        run("ben", "label", "agentpool", "scaled", "team=carbon").ok();
        run("ben", "patch", "agentpool", "scaled", "--type=merge", "-p", """
                {"metadata": {"finalizers": ["tagma.dev/drain"]}}""").ok();
        run("ben", "patch", "agentpool", "scaled", "--type=merge", "-p", """
                {"metadata": {"finalizers": null}}""").ok();
    }

    @Test
    void tenSecretsAreAskedForOneByOneAndMoreNeedTheNamespace() {
        String[] secrets = IntStream.rangeClosed(1, 11).mapToObj(i -> "s" + i).toArray(String[]::new);
        grant("carl", "carls", "--verb=create", "--resource=agentpools.tagma.dev");
        for (String secret : secrets) {
            grant("carl", secret, "--verb=get", "--resource=secrets", "--resource-name=" + secret);
        }
        Awaitility.await()
                .untilAsserted(() -> assertThat(as("carl", pool("ten", Arrays.copyOf(secrets, 10)), "create")
                                .exit())
                        .isZero());
        assertThat(as("carl", pool("eleven", secrets), "create").err())
                .contains("spec.tools name more than 10 Secrets: who writes that must be allowed to get every Secret");
        grant("carl", "all", "--verb=get", "--resource=secrets");
        Awaitility.await()
                .untilAsserted(() -> assertThat(
                                as("carl", pool("eleven", secrets), "create").exit())
                        .isZero());
    }

    @Test
    void oneSecretInManyToolsIsAskedForOnce() {
        String[] same = IntStream.range(0, 126).mapToObj(i -> "openai").toArray(String[]::new);
        as("anna", pool("large", same), "create").ok();
        same[125] = "billing";
        assertThat(as("anna", pool("larger", same), "create").err())
                .contains("spec.tools[t125].http.headers[Authorization].valueFrom.secretKeyRef names the Secret");
    }

    /** A pool with a tool for each of these Secrets. */
    private static String pool(String name, String... secrets) {
        return POOL.formatted(
                name,
                IntStream.range(0, secrets.length)
                        .mapToObj(i -> "  - {name: t" + i + ", http: {url: \"https://example.com/" + i
                                + "\", headers: [{name: Authorization, valueFrom: {secretKeyRef: {name: " + secrets[i]
                                + ", key: token}}}]}}")
                        .collect(Collectors.joining("\n")));
    }

    private static Command.Result as(String user, String manifest, String verb, String... options) {
        List<String> arguments = new ArrayList<>(List.of(verb, "-f", "-", "-n", NAMESPACE, "--as=" + user));
        arguments.addAll(List.of(options));
        return CLUSTER.kubectlWithInput(manifest, arguments.toArray(String[]::new));
    }

    private static Command.Result run(String user, String... command) {
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.addAll(List.of("-n", NAMESPACE, "--as=" + user));
        return CLUSTER.kubectl(arguments.toArray(String[]::new));
    }

    private static void grant(String user, String role, String... rule) {
        List<String> create = new ArrayList<>(List.of("create", "role", user + "-" + role, "-n", NAMESPACE));
        create.addAll(List.of(rule));
        CLUSTER.kubectl(create.toArray(String[]::new)).ok();
        CLUSTER.kubectl(
                        "create",
                        "rolebinding",
                        user + "-" + role,
                        "--role=" + user + "-" + role,
                        "--user=" + user,
                        "-n",
                        NAMESPACE)
                .ok();
    }
}
