package dev.tagma.app.role;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tagma.app.role.RestCalls.Answer;
import dev.tagma.kube.Cluster;
import dev.tagma.store.TestPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What callers may do with missions, pools and providers over HTTP. */
@Timeout(120)
class RestMissionsIT {
    private static final Cluster CLUSTER = Cluster.shared();
    private static final String[] ALL = {"get", "list", "watch", "create", "patch", "delete"};

    @TempDir
    private static Path directory;

    private static Gateways gateways;

    private String namespace;
    private String missions;
    private RestCalls user;

    @BeforeAll
    static void start() {
        gateways = new Gateways(CLUSTER, TestPostgres.shared(), directory, 1, Map.of());
    }

    @AfterAll
    static void stop() {
        gateways.close();
    }

    @BeforeEach
    void user() {
        namespace = CLUSTER.newNamespace("rest");
        missions = "/namespaces/" + namespace + "/missions";
        gateways.grant(namespace, "user", "missions", ALL);
        gateways.grant(namespace, "user", "missions/transcript", "get");
        gateways.grant(namespace, "user", "agentpools", "get", "list");
        gateways.grant(namespace, "user", "modelproviders", "get", "list");
        user = gateways.calls(0, gateways.token(namespace, "user"));
    }

    @Test
    void aMissionIsCreatedByTheGatewayInTheCallersName() {
        Answer answer = user.post(missions, """
                {"metadata": {"name": "first", "annotations": {"tagma.dev/created-by": "somebody else"}},
                 "spec": {"goal": "go", "inputs": {"exact": 9007199254740993, "\\u00fc": ["\\u2603"]}}}""");

        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        assertThat(answer.header("Location")).endsWith("/api/v1alpha1" + missions + "/first");
        JsonNode created = answer.json();
        assertThat(created.at("/metadata/annotations/tagma.dev~1created-by").asText())
                .isEqualTo("system:serviceaccount:" + namespace + ":user");
        assertThat(created.at("/metadata").has("managedFields")).isFalse();
        assertThat(created.at("/kind").asText()).isEqualTo("Mission");
        assertThat(created.at("/spec/retention/data").asText()).isEqualTo("168h");
        assertThat(answer.text()).contains("9007199254740993");
        var managed = CLUSTER.client()
                .genericKubernetesResources("tagma.dev/v1alpha1", "Mission")
                .inNamespace(namespace)
                .withName("first")
                .get()
                .getMetadata()
                .getManagedFields();
        assertThat(managed).extracting(field -> field.getManager()).containsExactly("tagma-gateway");

        Answer found = user.get(missions + "/first");
        assertThat(found.status()).isEqualTo(200);
        assertThat(found.json()).isEqualTo(created);
        assertThat(found.header("Content-Type")).startsWith("application/json");
    }

    @Test
    void aNameMayBeLeftToTheApiServer() {
        Answer answer = user.post(missions, "{\"metadata\": {\"generateName\": \"m-\"}, \"spec\": {\"goal\": \"go\"}}");

        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        assertThat(answer.json().at("/metadata/name").asText()).matches("m-[a-z0-9]{5}");
        assertThat(answer.header("Location"))
                .endsWith(answer.json().at("/metadata/name").asText());
    }

    @Test
    void suspendCancelAndRetentionArePatched() {
        create("p", "{\"goal\": \"go\"}");

        assertThat(user.patch(missions + "/p", "{\"spec\": {\"suspend\": true}}")
                        .json()
                        .at("/spec/suspend")
                        .asBoolean())
                .isTrue();
        Answer both =
                user.patch(missions + "/p", "{\"spec\": {\"suspend\": false, \"retention\": {\"data\": \"1h\"}}}");
        assertThat(both.json().at("/spec/suspend").asBoolean()).isFalse();
        assertThat(both.json().at("/spec/retention/data").asText()).isEqualTo("1h");
        assertThat(user.patch(missions + "/p", "{\"spec\": {\"cancel\": true}}")
                        .json()
                        .at("/spec/cancel")
                        .asBoolean())
                .isTrue();
        Answer latched = user.patch(missions + "/p", "{\"spec\": {\"cancel\": false}}");
        assertThat(latched.status()).as(latched.text()).isEqualTo(422);
        assertThat(latched.json().path("field").asText()).startsWith("spec");
    }

    @Test
    void aDeletedMissionIsGone() {
        create("d", "{\"goal\": \"go\"}");

        Answer deleted = user.delete(missions + "/d");
        assertThat(deleted.status()).isEqualTo(204);
        assertThat(deleted.text()).isEmpty();
        assertThat(user.get(missions + "/d").status()).isEqualTo(404);
        assertThat(user.delete(missions + "/d").status()).isEqualTo(404);
        ThreeRoles.waiting(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(names(user.get(missions))).isEmpty());
    }

    @Test
    void listsArePagedSortedAndFiltered() {
        for (int i = 0; i < 7; i++) {
            create(
                    "m" + i,
                    "{\"goal\": \"go\", \"agent\": \"%s\", \"priority\": %d, \"poolRef\": {\"name\": \"%s\"}}"
                            .formatted(i % 2 == 0 ? "even" : "odd", i * 3 % 7, i < 4 ? "low" : "high"));
        }
        listed(7);

        assertThat(names(user.get(missions + "?sort=name"))).containsExactly("m0", "m1", "m2", "m3", "m4", "m5", "m6");
        assertThat(names(user.get(missions + "?sort=-priority")))
                .containsExactly("m2", "m4", "m6", "m1", "m3", "m5", "m0");
        assertThat(names(user.get(missions + "?sort=name&agent=odd"))).containsExactly("m1", "m3", "m5");
        assertThat(names(user.get(missions + "?sort=-name&pool=high"))).containsExactly("m6", "m5", "m4");
        assertThat(names(user.get(missions + "?sort=name&pool=" + namespace + "/low&agent=even")))
                .containsExactly("m0", "m2");
        assertThat(names(user.get(missions + "?phase=Running"))).isEmpty();
        assertThat(names(user.get(missions + "?phase=Pending,Running&sort=name&limit=1")))
                .containsExactly("m0");

        List<String> all = new ArrayList<>();
        String next = "";
        do {
            JsonNode page =
                    user.get(missions + "?sort=-priority&limit=3" + next).json();
            assertThat(page.path("total").asInt()).isEqualTo(7);
            page.path("items").forEach(item -> all.add(item.at("/metadata/name").asText()));
            next = page.has("continue") ? "&continue=" + page.path("continue").asText() : "";
        } while (!next.isEmpty());
        assertThat(all).containsExactly("m2", "m4", "m6", "m1", "m3", "m5", "m0");
    }

    @Test
    void aPageGoesOnWhereItsMissionWasThoughItIsGone() {
        for (String name : List.of("a", "b", "c", "d")) {
            create(name, "{\"goal\": \"go\"}");
        }
        listed(4);
        JsonNode first = user.get(missions + "?sort=name&limit=2").json();
        user.delete(missions + "/b");
        listed(3);

        assertThat(names(user.get(missions + "?sort=name&limit=2&continue="
                        + first.path("continue").asText())))
                .containsExactly("c", "d");
    }

    @Test
    void itemsLeaveOutWhatIsLong() {
        create("long", "{\"goal\": \"%s\", \"inputs\": {\"a\": 1}}".formatted("x".repeat(300)));
        listed(1);

        JsonNode item = user.get(missions).json().at("/items/0");
        assertThat(item.at("/spec").has("goal")).isFalse();
        assertThat(item.at("/spec").has("inputs")).isFalse();
        assertThat(item.at("/metadata").has("managedFields")).isFalse();
        assertThat(user.get(missions + "/long").json().at("/spec/goal").asText())
                .hasSize(300);
    }

    @Test
    void whoeverMayListEverywhereSeesAllNamespaces() {
        create("here", "{\"goal\": \"go\"}");
        listed(1);

        assertThat(user.get("/missions").status()).isEqualTo(403);
        RestCalls admin = gateways.calls(0, CLUSTER.config().getOauthToken());
        JsonNode all = admin.get("/missions?limit=1000").json();
        assertThat(new TreeSet<>(all.findValuesAsText("namespace"))).contains(namespace);
    }

    @Test
    void aTranscriptIsReadInPages() {
        StoredRun run = StoredRun.admit(gateways.store(), create("t", "{\"goal\": \"go\"}"))
                .bind()
                .say("one")
                .say("two \u2603")
                .answer("three");

        JsonNode page = user.get(missions + "/t/transcript?limit=2").json();
        assertThat(page.path("more").asBoolean()).isTrue();
        assertThat(page.path("steps")).hasSize(2);
        JsonNode second = page.at("/steps/1");
        assertThat(second.path("sequence").asLong()).isEqualTo(2);
        assertThat(second.path("kind").asText()).isEqualTo("ModelReply");
        assertThat(second.at("/content/text").asText()).isEqualTo("two \u2603");
        assertThat(second.at("/usage/tokens/input").asLong()).isEqualTo(200);
        assertThat(second.path("time").asText()).startsWith("20").endsWith("Z");
        JsonNode rest = user.get(missions + "/t/transcript?after=2&limit=2").json();
        assertThat(rest.path("more").asBoolean()).isFalse();
        assertThat(rest.at("/steps/0/digest").asText())
                .isEqualTo(run.head().digest().hex());
    }

    @Test
    void aChainShowsWhatProvesItAndNothingThatWasSaid() {
        StoredRun run = StoredRun.admit(gateways.store(), create("c", "{\"goal\": \"go\"}"))
                .bind()
                .say("secret words")
                .answer("more of them");

        Answer answer = user.get(missions + "/c/chain");
        JsonNode chain = answer.json();
        assertThat(chain.path("mission").asText()).isEqualTo(run.uid().toString());
        assertThat(chain.at("/head/sequence").asLong()).isEqualTo(2);
        assertThat(chain.at("/head/digest").asText())
                .isEqualTo(run.head().digest().hex());
        assertThat(chain.at("/links/1/digest").asText())
                .isEqualTo(run.head().digest().hex());
        assertThat(chain.at("/usage/costNanos").asLong()).isEqualTo(2_000);
        assertThat(answer.text()).doesNotContain("words");
    }

    @Test
    void aMissionThatIsNotAdmittedHasNoStepsYet() {
        JsonNode mission = create("n", "{\"goal\": \"go\"}");

        assertThat(user.get(missions + "/n/transcript").json().path("steps")).isEmpty();
        JsonNode chain = user.get(missions + "/n/chain").json();
        assertThat(chain.path("mission").asText())
                .isEqualTo(mission.at("/metadata/uid").asText());
        assertThat(chain.path("links")).isEmpty();
        assertThat(chain.has("head")).isFalse();
    }

    @Test
    void transcriptsNeedAPermissionOfTheirOwn() {
        create("t", "{\"goal\": \"go\"}");
        gateways.grant(namespace, "reader", "missions", "get");
        RestCalls reader = gateways.calls(0, gateways.token(namespace, "reader"));

        assertThat(reader.get(missions + "/t").status()).isEqualTo(200);
        assertThat(reader.get(missions + "/t/chain").status()).isEqualTo(200);
        Answer refused = reader.get(missions + "/t/transcript");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.json().path("detail").asText()).contains("missions/transcript", "\"t\"", namespace);
    }

    @Test
    void poolsAndProvidersAreReadAndNothingElse() {
        CLUSTER.kubectlWithInput("""
                apiVersion: tagma.dev/v1alpha1
                kind: ModelProvider
                metadata: {name: demo}
                spec: {type: Scripted, script: {configMapKeyRef: {name: demo, key: script}}}
                ---
                apiVersion: tagma.dev/v1alpha1
                kind: AgentPool
                metadata: {name: one}
                spec:
                  models: [{name: primary, providerRef: {name: demo}, model: demo}]
                  agents: [{name: a, description: d, instructions: be brief, models: [primary]}]
                ---
                apiVersion: tagma.dev/v1alpha1
                kind: AgentPool
                metadata: {name: two}
                spec:
                  models: [{name: primary, providerRef: {name: demo}, model: demo}]
                  agents: [{name: a, description: d, instructions: be brief, models: [primary]}]
                """, "apply", "-n", namespace, "-f", "-").ok();
        String pools = "/namespaces/" + namespace + "/agentpools";

        JsonNode page = user.get(pools + "?limit=1").json();
        assertThat(page.at("/items/0/metadata/name").asText()).isEqualTo("one");
        assertThat(page.at("/items/0/kind").asText()).isEqualTo("AgentPool");
        assertThat(page.path("total").asInt()).isEqualTo(2);
        JsonNode rest = user.get(
                        pools + "?limit=1&continue=" + page.path("continue").asText())
                .json();
        assertThat(rest.at("/items/0/metadata/name").asText()).isEqualTo("two");
        assertThat(rest.has("continue")).isFalse();
        JsonNode pool = user.get(pools + "/two").json();
        assertThat(pool.at("/spec/agents/0/name").asText()).isEqualTo("a");
        assertThat(pool.at("/metadata").has("managedFields")).isFalse();
        JsonNode provider =
                user.get("/namespaces/" + namespace + "/modelproviders/demo").json();
        assertThat(provider.at("/spec/type").asText()).isEqualTo("Scripted");
        assertThat(user.get("/namespaces/" + namespace + "/modelproviders")
                        .json()
                        .path("items"))
                .hasSize(1);
        assertThat(user.delete(pools + "/two").status()).isEqualTo(405);
        assertThat(user.post(pools, "{}").status()).isEqualTo(405);
    }

    private JsonNode create(String name, String spec) {
        Answer answer = user.post(missions, "{\"metadata\": {\"name\": \"%s\"}, \"spec\": %s}".formatted(name, spec));
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer.json();
    }

    private void listed(int count) {
        ThreeRoles.waiting(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(names(user.get(missions))).hasSize(count));
    }

    private static List<String> names(Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        List<String> names = new ArrayList<>();
        answer.json()
                .path("items")
                .forEach(item -> names.add(item.at("/metadata/name").asText()));
        return names;
    }
}
