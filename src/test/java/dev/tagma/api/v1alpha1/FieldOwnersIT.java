package dev.tagma.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tagma.kube.Cluster;
import dev.tagma.kube.Command;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may write what: field managers of server-side apply, RBAC on status, and what kubectl says of the fields. */
class FieldOwnersIT {
    private static final Cluster CLUSTER = Cluster.shared();
    private static final String NAMESPACE = CLUSTER.newNamespace("owners");

    private static final String MISSION = """
            apiVersion: tagma.dev/v1alpha1
            kind: Mission
            metadata: {name: %s}
            spec: {goal: Estimate., suspend: %s}
            """;
    private static final String POOL = """
            apiVersion: tagma.dev/v1alpha1
            kind: AgentPool
            metadata: {name: analysts}
            spec:
              models: [{name: primary, providerRef: {name: scripted}, model: m}]
              agents:
            %s""";

    @Test
    void secondFieldManagerIsToldWhoseTheFieldIs() {
        apply(MISSION.formatted("contested", false), "gitops").ok();
        Command.Result refused = apply(MISSION.formatted("contested", true), "operator");
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err()).contains("conflict with \"gitops\"").contains(".spec.suspend");
        assertThat(mission("contested").getSpec().suspend()).isFalse();

        apply(MISSION.formatted("contested", true), "operator", "--force-conflicts")
                .ok();
        assertThat(mission("contested").getSpec().suspend()).isTrue();
        assertThat(apply(MISSION.formatted("contested", false), "gitops").err()).contains("conflict with \"operator\"");
    }

    @Test
    void forceDoesNotBreakARule() {
        apply(MISSION.formatted("forced", false), "gitops").ok();
        String changed = MISSION.formatted("forced", false).replace("Estimate.", "Guess.");
        assertThat(apply(changed, "operator", "--force-conflicts").err())
                .contains("spec.goal: Invalid value: \"object\": field is immutable; create another Mission");
    }

    /** The second apply still stores the default status, which a creation does not. */
    @Test
    void applyingTheSameAgainWritesNothing() {
        apply(MISSION.formatted("again", false), "gitops").ok();
        apply(MISSION.formatted("again", false), "gitops").ok();
        String version = mission("again").getMetadata().getResourceVersion();
        apply(MISSION.formatted("again", false), "gitops").ok();
        assertThat(mission("again").getMetadata().getResourceVersion()).isEqualTo(version);
    }

    @Test
    void agentsOfTwoFieldManagersLiveSideBySide() {
        apply(POOL.formatted("  - {name: analyst, instructions: Be brief., models: [primary]}\n"), "platform")
                .ok();
        apply(POOL.formatted("  - {name: reviewer, instructions: Be strict., models: [primary]}\n"), "guild")
                .ok();
        assertThat(pool().getSpec().agents())
                .extracting(AgentPoolSpec.Agent::name)
                .containsExactlyInAnyOrder("analyst", "reviewer");
        assertThat(apply(POOL.formatted("  - {name: analyst, instructions: Be long., models: [primary]}\n"), "guild")
                        .err())
                .contains("conflict with \"platform\"")
                .contains(".spec.agents[name=\"analyst\"].instructions");

        apply(POOL.formatted("  - {name: critic, instructions: Be fair., models: [primary]}\n"), "guild")
                .ok();
        assertThat(pool().getSpec().agents())
                .extracting(AgentPoolSpec.Agent::name)
                .containsExactlyInAnyOrder("analyst", "critic");
    }

    @Test
    void strangerWithoutThePermissionCannotWriteStatus() {
        apply(MISSION.formatted("guarded", false), "gitops").ok();
        grant("author", "get", "missions.tagma.dev", "");
        grant("author", "update", "missions.tagma.dev", "");
        KubernetesClient author = CLUSTER.client("author");
        Mission mission = author.resource(mission("guarded")).get();
        mission.setStatus(
                MissionStatus.NONE.in(MissionStatus.Phase.Succeeded, null).observed(1L, null));
        assertThatThrownBy(() -> author.resource(mission).updateStatus())
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        refusal -> assertThat(refusal.getCode()).isEqualTo(403))
                .hasMessageContaining("User \"author\" cannot update resource \"missions/status\"");
        assertThat(author.resource(mission).update().getStatus().phase()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"Mission, missions", "AgentPool, agentpools", "ModelProvider, modelproviders"})
    void whoeverMayWriteEverythingElseCannotWriteStatus(String kind, String plural) {
        String user = "writer-of-" + plural;
        grant(user, "patch", plural + ".tagma.dev", "");
        String status = "{apiVersion: tagma.dev/v1alpha1, kind: " + kind
                + ", metadata: {name: any}, status: {observedGeneration: 1}}";
        Command.Result refused = apply(status, user, "--subresource=status", "--validate=false", "--as=" + user);
        assertThat(refused.err()).contains("User \"" + user + "\" cannot patch resource \"" + plural + "/status\"");
    }

    @Test
    void whoeverMayScaleAPoolMayChangeNothingElse() {
        apply(
                        POOL.replace("analysts", "scaled")
                                .formatted("  - {name: analyst, instructions: Be brief., models: [primary]}\n"),
                        "platform")
                .ok();
        grant("scaler", "get", "agentpools.tagma.dev", "");
        grant("scaler", "get", "agentpools.tagma.dev", "scale");
        grant("scaler", "patch", "agentpools.tagma.dev", "scale");
        CLUSTER.kubectl(
                        "patch",
                        "agentpool",
                        "scaled",
                        "--subresource=scale",
                        "--type=merge",
                        "-p",
                        "{\"spec\":{\"replicas\":3}}",
                        "-n",
                        NAMESPACE,
                        "--as=scaler")
                .ok();
        assertThat(CLUSTER.client()
                        .resources(AgentPool.class)
                        .inNamespace(NAMESPACE)
                        .withName("scaled")
                        .get()
                        .getSpec()
                        .replicas())
                .isEqualTo(3);
        assertThat(CLUSTER.kubectl("label", "agentpool", "scaled", "a=b", "-n", NAMESPACE, "--as=scaler")
                        .err())
                .contains("User \"scaler\" cannot patch resource \"agentpools\"");
    }

    @Test
    void fieldsExplainThemselves() {
        assertThat(explain("mission.spec"))
                .contains("All but suspend, cancel and retention is immutable.")
                .contains("goal <string> -required-")
                .contains("What the agent shall achieve, in words");
        assertThat(explain("mission.spec.budget.onExceeded"))
                .contains("ENUM: Stop WrapUp")
                .contains("one last call");
        assertThat(explain("agentpool.spec.tools.http.headers.valueFrom.secretKeyRef.name"))
                .contains("DESCRIPTION");
        assertThat(explain("modelprovider.status.conditions.reason")).contains("one word of a closed list");
    }

    private static String explain(String field) {
        return CLUSTER.kubectl("explain", field).ok().replaceAll("\\s+", " ");
    }

    private static void grant(String user, String verb, String resource, String subresource) {
        String role = String.join("-", user, verb, subresource.isEmpty() ? "all" : subresource);
        String whole = subresource.isEmpty() ? resource : resource + "/" + subresource;
        CLUSTER.kubectl("create", "role", role, "-n", NAMESPACE, "--verb=" + verb, "--resource=" + whole)
                .ok();
        CLUSTER.kubectl("create", "rolebinding", role, "-n", NAMESPACE, "--role=" + role, "--user=" + user)
                .ok();
        String sub = "--subresource=" + subresource;
        Awaitility.await(role)
                .until(() -> CLUSTER.kubectl("auth", "can-i", verb, resource, sub, "-n", NAMESPACE, "--as=" + user)
                                .exit()
                        == 0);
    }

    private static Command.Result apply(String manifest, String manager, String... options) {
        List<String> arguments = new ArrayList<>(
                List.of("apply", "--server-side", "--field-manager=" + manager, "-n", NAMESPACE, "-f", "-"));
        arguments.addAll(List.of(options));
        return CLUSTER.kubectlWithInput(manifest, arguments.toArray(String[]::new));
    }

    private static Mission mission(String name) {
        return CLUSTER.client()
                .resources(Mission.class)
                .inNamespace(NAMESPACE)
                .withName(name)
                .get();
    }

    private static AgentPool pool() {
        return CLUSTER.client()
                .resources(AgentPool.class)
                .inNamespace(NAMESPACE)
                .withName("analysts")
                .get();
    }
}
