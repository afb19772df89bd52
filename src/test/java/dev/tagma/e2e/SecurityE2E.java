package dev.tagma.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a runtime's pod, or whoever has its token, may not do. */
@Scenarios(number = 10, value = "Security")
class SecurityE2E {
    private static final String HERE = "e2e-inside";
    private static final String THERE = "e2e-neighbour";
    private static final String RESTRICTED = "pod-security.kubernetes.io/enforce";

    private final Outside outside;

    SecurityE2E(Outside outside) {
        this.outside = outside;
    }

    private Fleet here;
    private Fleet there;

    @BeforeAll
    void start() {
        here = new Fleet(HERE, outside, 1, 3);
        there = new Fleet(THERE, outside, 1, 3);
    }

    @AfterAll
    void end() {
        Suite.deleteNamespace(HERE);
        Suite.deleteNamespace(THERE);
    }

    private static Pod runtime(String namespace) {
        return Pods.runtimes(namespace).getFirst();
    }

    /** Their namespaces enforce it, and every pod of theirs runs. */
    @Test
    void everyPodRunsInNamespacesThatEnforceTheRestrictedStandard() {
        Suite.kubectl("label", "namespace", Tagma.NAMESPACE, RESTRICTED + "=restricted")
                .ok();
        try {
            for (String each :
                    List.of("statefulset/tagma-postgres", "deployment/tagma-operator", "deployment/tagma-gateway")) {
                Suite.kubectl("rollout", "restart", "-n", Tagma.NAMESPACE, each).ok();
                Suite.kubectl("rollout", "status", "-n", Tagma.NAMESPACE, each, "--timeout=180s")
                        .ok();
            }
            Tagma.awaitReady();
            here.apply(2);
            here.judge();
        } finally {
            Suite.kubectl("label", "namespace", Tagma.NAMESPACE, RESTRICTED + "-")
                    .ok();
        }
    }

    @Test
    void policiesLetARuntimeReachItsGatewayAndNamesAndNothingElse() {
        Reach reach = Reach.live();
        Pod runtime = runtime(HERE);
        Pod gateway = Tagma.pods("gateway").getFirst();
        reach.lets("a runtime", runtime, "the gateway's gRPC", gateway, 9443);
        reach.letsAsk("a runtime", runtime, "names", Reach.dns());
        reach.denies("a runtime", runtime, "the gateway's REST", gateway, 8080);
        reach.denies("a runtime", runtime, "the gateway's REST over TLS", gateway, 8443);
        reach.denies("a runtime", runtime, "Postgres", Tagma.pods("postgres").getFirst(), 5432);
        reach.denies(
                "a runtime", runtime, "the operator", Tagma.pods("operator").getFirst(), 8080);
        reach.denies("a runtime", runtime, "another pool's runtime", runtime(THERE), 8080);
        reach.denies("a runtime", runtime, "the API server", Reach.apiServer(), 6443);
        reach.denies("a runtime", runtime, "the API server's Service", Reach.apiService(), 443);
        reach.denies(
                "a runtime", runtime, "a node's kubelet", runtime.getStatus().getHostIP(), 10250);
        reach.denies("a runtime", runtime, "the cloud's metadata", "169.254.169.254", 80);
        reach.denies("a runtime", runtime, "the tools outside", outside.tools().split(":")[0], 8080);
        reach.judge("a runtime");
    }

    @Test
    void policiesKeepStrangersFromPostgresTheOperatorAndTheRuntimesLine() {
        Reach reach = Reach.live();
        Pod gateway = Tagma.pods("gateway").getFirst();
        Pod operator = Tagma.pods("operator").getFirst();
        Pod postgres = Tagma.pods("postgres").getFirst();
        Pod stranger = Reach.stranger(HERE);
        reach.denies("a stranger", stranger, "Postgres", postgres, 5432);
        reach.denies("a stranger", stranger, "the operator", operator, 8080);
        reach.denies("a stranger", stranger, "the gateway's gRPC", gateway, 9443);
        reach.denies("a stranger", stranger, "the gateway's plain REST", gateway, 8080);
        reach.lets("a stranger", stranger, "the gateway's REST over TLS", gateway, 8443);
        reach.lets("the gateway", gateway, "Postgres", postgres, 5432);
        reach.lets("the operator", operator, "Postgres", postgres, 5432);
        reach.lets("the gateway", gateway, "the API server", Reach.apiServer(), 6443);
        reach.lets("the operator", operator, "the API server", Reach.apiServer(), 6443);
        reach.denies("the gateway", gateway, "the cloud's metadata", "169.254.169.254", 80);
        reach.denies("Postgres", postgres, "the API server", Reach.apiServer(), 6443);
        reach.denies("Postgres", postgres, "anything", "192.0.2.1", 443);
        reach.judge("strangers and roles");
    }

    @Test
    void aRuntimeHasOneTokenWhichIsForTheGateway() {
        Pod runtime = runtime(HERE);
        assertThat(runtime.getSpec().getAutomountServiceAccountToken()).isFalse();
        List<Volume> tokens = runtime.getSpec().getVolumes().stream()
                .filter(volume -> volume.getProjected() != null || volume.getSecret() != null)
                .toList();
        assertThat(tokens).hasSize(1);
        assertThat(tokens.getFirst().getProjected().getSources())
                .singleElement()
                .satisfies(source -> assertThat(source.getServiceAccountToken().getAudience())
                        .isEqualTo("tagma"));
    }

    @Test
    void aRuntimesTokenIsRefusedByTheGatewaysUserApi() {
        String api = "/api/v1alpha1/namespaces/" + HERE;
        String mission =
                "{\"apiVersion\":\"tagma.dev/v1alpha1\",\"kind\":\"Mission\",\"metadata\":{\"name\":\"stolen\"},"
                        + "\"spec\":{\"goal\":\"Pay.\"}}";
        Pod runtime = runtime(HERE);
        try (Forward forward =
                new Forward(Tagma.NAMESPACE, Pods.name(Tagma.pods("gateway").getFirst()), 8080)) {
            for (var each :
                    List.of(new Holder(Tokens.projected(runtime), 401), new Holder(Tokens.ofApiServer(runtime), 403))) {
                Http http = new Http(forward.authority(), each.token);
                for (String path : List.of(
                        "/api/v1alpha1/missions",
                        api + "/missions",
                        api + "/missions/m0",
                        api + "/missions/m0/transcript",
                        api + "/missions/m0/chain",
                        api + "/missions/m0/events",
                        api + "/events",
                        api + "/agentpools",
                        api + "/modelproviders")) {
                    assertStatus(http.get(path), each.status);
                }
                assertStatus(http.send("POST", api + "/missions", mission), each.status);
                assertStatus(http.send("PATCH", api + "/missions/m0", "{\"spec\":{\"cancel\":true}}"), each.status);
                assertStatus(http.send("DELETE", api + "/missions/m0", ""), each.status);
            }
        }
    }

    /** A token and what it is answered with. */
    private record Holder(String token, int status) {}

    private static void assertStatus(HttpResponse<String> response, int status) {
        assertThat(response.statusCode())
                .as(() -> response.request().method() + " " + response.uri() + ": " + response.body())
                .isEqualTo(status);
    }

    @Test
    void aRuntimesTokenIsRefusedByTheApiServer() {
        Pod runtime = runtime(HERE);
        List<String> paths = List.of(
                "/api",
                "/apis",
                "/api/v1/namespaces",
                "/api/v1/nodes",
                "/api/v1/secrets",
                "/api/v1/namespaces/" + HERE + "/secrets",
                "/api/v1/namespaces/" + HERE + "/pods",
                "/api/v1/namespaces/" + HERE + "/configmaps",
                "/api/v1/namespaces/" + HERE + "/serviceaccounts",
                "/apis/tagma.dev/v1alpha1/missions",
                "/apis/tagma.dev/v1alpha1/namespaces/" + HERE + "/agentpools/default");
        Http projected = ApiServer.as(Tokens.projected(runtime));
        for (String path : paths) {
            assertStatus(projected.get(path), 401);
        }
        Http account = ApiServer.as(Tokens.ofApiServer(runtime));
        for (String path : paths) {
            assertStatus(account.get(path), path.startsWith("/api/v1/") || path.contains("tagma") ? 403 : 200);
        }
        JsonNode rules = Settled.json(account.send(
                        "POST",
                        "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews",
                        "{\"apiVersion\":\"authorization.k8s.io/v1\",\"kind\":\"SelfSubjectRulesReview\",\"spec\":{\"namespace\":\""
                                + HERE + "\"}}")
                .body());
        assertThat(rules.at("/status/resourceRules"))
                .as("what every service account may: ask what it may")
                .allSatisfy(rule -> assertThat(rule.path("resources").toString())
                        .containsAnyOf("selfsubjectaccessreviews", "selfsubjectrulesreviews", "selfsubjectreviews"));
    }

    @Test
    void aTokenOfAnotherPoolIsRefusedByTheRuntimesLine() {
        String mine = RuntimeLine.pool(HERE);
        String theirs = RuntimeLine.pool(THERE);
        Pod runtime = runtime(HERE);
        Suite.kubectl("create", "serviceaccount", "-n", HERE, "made-up-runtime").ok();
        try (RuntimeLine line = new RuntimeLine()) {
            String token = Tokens.projected(runtime);
            RuntimeLine.Answer welcome = line.connect(token, mine);
            assertThat(welcome.trouble()).as("of its own pool").isEmpty();
            String other = Tokens.projected(runtime(THERE));
            RuntimeLine.Answer neighbour = line.connect(other, theirs);
            assertThat(neighbour.trouble()).isEmpty();

            assertThat(line.connect(token, theirs).trouble()).isEqualTo("REFUSED");
            assertThat(line.heartbeat(token, neighbour.instance()).trouble()).isEqualTo("REFUSED");
            assertThat(line.connect(Tokens.ofApiServer(runtime), mine).trouble())
                    .isEqualTo("UNAUTHENTICATED");
            assertThat(line.connect("a.b.c", mine).trouble()).isEqualTo("UNAUTHENTICATED");
            assertThat(line.connect(Tokens.unbound(HERE, "default-runtime"), mine)
                            .trouble())
                    .as("bound to no pod")
                    .isEqualTo("REFUSED");
            assertThat(line.connect(Tokens.unbound(HERE, "default"), mine).trouble())
                    .isEqualTo("REFUSED");
            assertThat(line.connect(Tokens.unbound(HERE, "made-up-runtime"), mine)
                            .trouble())
                    .isEqualTo("REFUSED");
        }
        here.apply(1);
        here.judge();
    }

    @Test
    void aTokenOfAPodThatIsGoneIsRefused() {
        Pod runtime = runtime(THERE);
        String pool = RuntimeLine.pool(THERE);
        String token = Tokens.projected(runtime);
        Pods.delete(runtime, "--grace-period=0", "--force");
        try (RuntimeLine line = new RuntimeLine()) {
            // what is known of a token is believed for ten seconds, by the API server and by the gateway
            Waiting.atMost(Duration.ofSeconds(40), "the token of a pod that is gone to be refused")
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> refused(line, token, pool));
        }
        there.apply(1);
        there.judge();
    }

    private static boolean refused(RuntimeLine line, String token, String pool) {
        RuntimeLine.Answer answer = line.connect(token, pool);
        if (answer.trouble().isEmpty()) {
            line.leave(token, answer);
        }
        return answer.trouble().equals("UNAUTHENTICATED");
    }

    @Test
    void aSecretsValueIsShownNowhere() {
        SecretKeeping secrets = new SecretKeeping("e2e-secrets", outside);
        try {
            secrets.useAll();
            Everywhere found = secrets.look();
            assertThat(found.found()).isEmpty();
            assertThat(secrets.marked().found())
                    .as("what may be seen is found by the same search")
                    .contains("table mission_step", "table mission_spec")
                    .anyMatch(place -> place.startsWith("objects of"))
                    .anyMatch(place -> place.startsWith("log tagma-gateway"))
                    .anyMatch(place -> place.endsWith("/transcript?limit=100"));
            Report.figure("places searched for the values of secrets", Integer.toString(found.size()), "in none");
        } finally {
            secrets.close();
        }
    }
}
