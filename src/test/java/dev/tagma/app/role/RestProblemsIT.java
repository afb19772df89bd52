package dev.tagma.app.role;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tagma.app.role.RestCalls.Answer;
import dev.tagma.kube.Cluster;
import dev.tagma.store.TestPostgres;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every error of REST is a problem that says what is wrong. */
@Timeout(120)
class RestProblemsIT {
    private static final Cluster CLUSTER = Cluster.shared();
    private static final int BURST = 40;

    @TempDir
    private static Path directory;

    private static Gateways gateways;

    private String namespace;
    private String missions;
    private RestCalls user;

    @BeforeAll
    static void start() {
        gateways = new Gateways(
                CLUSTER,
                TestPostgres.shared(),
                directory,
                1,
                Map.of("TAGMA_REST_RATE", "1", "TAGMA_REST_BURST", Integer.toString(BURST)));
    }

    @AfterAll
    static void stop() {
        gateways.close();
    }

    @BeforeEach
    void user() {
        namespace = CLUSTER.newNamespace("problems");
        missions = "/namespaces/" + namespace + "/missions";
        gateways.grant(namespace, "user", "missions", "get", "list", "watch", "create", "patch", "delete");
        gateways.grant(namespace, "user", "missions/transcript", "get");
        gateways.grant(namespace, "user", "agentpools", "get", "list");
        user = gateways.calls(0, gateways.token(namespace, "user"));
    }

    @Test
    void nobodyIsLetInWithoutAToken() {
        RestCalls nobody = gateways.calls(0, null);

        for (String path : List.of(missions, missions + "/m", missions + "/m/events", "/nowhere", "")) {
            JsonNode problem = problem(nobody.get(path), 401);
            assertThat(problem.path("detail").asText()).contains("Authorization: Bearer");
        }
        problem(nobody.post(missions, "{}"), 401);
        problem(nobody.delete(missions + "/m"), 401);
        assertThat(nobody.get(missions).header("WWW-Authenticate")).startsWith("Bearer");
        problem(nobody.send(nobody.request(missions).header("Authorization", "Basic dTpw")), 401);
    }

    @Test
    void tokensThatKubernetesDoesNotVouchForAreRefused() {
        String good = gateways.token(namespace, "user");
        Pod pod = CLUSTER.client()
                .resource(new PodBuilder()
                        .withNewMetadata()
                        .withName("runtime")
                        .withNamespace(namespace)
                        .endMetadata()
                        .withNewSpec()
                        .withServiceAccountName("user")
                        .addNewContainer()
                        .withName("c")
                        .withImage("none")
                        .endContainer()
                        .endSpec()
                        .build())
                .create();
        Duration life = Duration.ofHours(1);
        Stream.of(
                        "garbage",
                        "a.b.c",
                        good + "x",
                        "x".repeat(17_000),
                        CLUSTER.expired(good),
                        CLUSTER.token(namespace, "user", "tagma", life),
                        CLUSTER.token(namespace, "user", "tagma", life, pod))
                .forEach(token -> problem(gateways.calls(0, token).get(missions), 401));
        assertThat(gateways.calls(0, good).get(missions).status()).isEqualTo(200);
    }

    @Test
    void whatKubernetesDoesNotPermitIsForbidden() {
        RestCalls stranger = gateways.calls(0, gateways.token(namespace, "stranger"));

        JsonNode problem = problem(stranger.get(missions), 403);
        assertThat(problem.path("detail").asText())
                .isEqualTo("system:serviceaccount:" + namespace
                        + ":stranger may not list missions.tagma.dev in namespace " + namespace);
        problem(stranger.get(missions + "/m"), 403);
        problem(stranger.get(missions + "/m/events"), 403);
        problem(stranger.get("/namespaces/" + namespace + "/events"), 403);
        problem(stranger.get(missions + "/m/transcript"), 403);
        problem(stranger.get(missions + "/m/chain"), 403);
        problem(stranger.post(missions, "{\"metadata\": {\"name\": \"m\"}, \"spec\": {\"goal\": \"go\"}}"), 403);
        problem(stranger.patch(missions + "/m", "{\"spec\": {\"cancel\": true}}"), 403);
        problem(stranger.delete(missions + "/m"), 403);
        problem(stranger.get("/namespaces/" + namespace + "/agentpools"), 403);
        problem(stranger.get("/namespaces/" + namespace + "/modelproviders"), 403);
        problem(user.get("/namespaces/default/missions/m"), 403);
    }

    @Test
    void whatIsNotThereIsNotFound() {
        assertThat(problem(user.get(missions + "/none"), 404).path("detail").asText())
                .contains("missions.tagma.dev \"none\" not found");
        for (String path : List.of("/transcript", "/chain", "/events")) {
            problem(user.get(missions + "/none" + path), 404);
        }
        problem(user.patch(missions + "/none", "{\"spec\": {\"cancel\": true}}"), 404);
        problem(user.delete(missions + "/none"), 404);
        problem(user.get("/namespaces/" + namespace + "/agentpools/none"), 404);
        for (String path : List.of("", "/", "/nowhere", missions + "/m/nothing", "/namespaces/" + namespace)) {
            problem(user.get(path), 404);
        }
    }

    @Test
    void methodsAndMediaTypesThatAPathDoesNotKnowAreNamed() {
        Answer method = user.send("PUT", missions + "/m", RestCalls.JSON, BodyPublishers.ofString("{}"));
        assertThat(problem(method, 405).path("detail").asText()).contains("Allow");
        assertThat(method.header("Allow")).contains("GET", "PATCH", "DELETE");
        problem(user.delete(missions), 405);
        problem(user.send("POST", missions, "text/plain", BodyPublishers.ofString("hello")), 415);
        problem(user.send("POST", missions, "application/yaml", BodyPublishers.ofString("a: b")), 415);
        problem(user.send("PATCH", missions + "/m", "application/json-patch+json", BodyPublishers.ofString("[]")), 415);
        problem(user.send(user.request(missions).header("Accept", "text/html")), 406);
    }

    @Test
    void aNameThatIsTakenIsAConflict() {
        String body = "{\"metadata\": {\"name\": \"once\"}, \"spec\": {\"goal\": \"go\"}}";
        assertThat(user.post(missions, body).status()).isEqualTo(201);

        JsonNode problem = problem(user.post(missions, body), 409);
        assertThat(problem.path("field").asText()).isEqualTo("metadata.name");
        assertThat(problem.path("detail").asText()).contains("already exists");
    }

    static Stream<String> noObjects() {
        return Stream.of(
                "",
                "   ",
                "no json",
                "[]",
                "null",
                "42",
                "{\"spec\": ",
                "{\"spec\": {}} trailing",
                "{\"spec\": {}, \"spec\": {}}",
                "{\"a\": \"\t\"}",
                "{'single': 1}",
                "{\"a\": NaN}",
                "{\"a\": \"\\ud800",
                "\u0000",
                "[".repeat(2_000),
                "{\"a\":".repeat(2_000));
    }

    @ParameterizedTest
    @MethodSource("noObjects")
    void bodiesThatAreNoJsonObjectAreRefused(String body) {
        assertThat(problem(user.post(missions, body), 400).path("detail").asText())
                .contains("body");
        problem(user.patch(missions + "/m", body), 400);
    }

    @Test
    void bytesThatAreNoTextAreRefused() {
        byte[] bytes = {'{', '"', 'a', '"', ':', '"', (byte) 0xff, (byte) 0xfe, '"', '}'};
        problem(user.send("POST", missions, RestCalls.JSON, BodyPublishers.ofByteArray(bytes)), 400);
    }

    @ParameterizedTest
    @ValueSource(ints = {(512 << 10) + 1, 9 << 20, 30 << 20})
    void hugeBodiesAreRefused(int size) {
        String body = "{\"a\": \"" + "x".repeat(size) + "\"}";
        assertThat(problem(user.post(missions, body), 413).path("detail").asText())
                .contains("524288 bytes");
        assertThat(user.get(missions).status()).isEqualTo(200);
    }

    @Test
    void theLargestBodyIsReadWhole() {
        String body = "{\"metadata\": {\"name\": \"m\"}, \"spec\": {\"goal\": \"%s\"}}".formatted("x".repeat(500_000));
        JsonNode problem = problem(user.post(missions, body), 422);
        assertThat(problem.path("field").asText()).isEqualTo("spec.goal");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "{}                                                              | 422 | metadata.name",
                "{\"metadata\": 1}                                               | 422 | metadata",
                "{\"metadata\": {\"name\": \"m\", \"annotations\": []}}          | 422 | metadata.annotations",
                "{\"kind\": \"Pod\", \"metadata\": {\"name\": \"m\"}}            | 422 | kind",
                "{\"apiVersion\": \"v1\", \"metadata\": {\"name\": \"m\"}}       | 422 | apiVersion",
                "{\"metadata\": {\"name\": \"m\", \"namespace\": \"other\"}}     | 422 | metadata.namespace",
                "{\"metadata\": {\"name\": \"m\"}}                               | 422 | spec",
                "{\"metadata\": {\"name\": \"m\"}, \"spec\": {}}                 | 422 | spec.goal",
                "{\"metadata\": {\"name\": \"m\"}, \"spec\": {\"goal\": 1}}      | 422 | spec.goal",
                "{\"metadata\": {\"name\": \"m\"}, \"spec\": {\"goal\": \"go\", \"priority\": 101}}  | 422 | spec.priority",
                "{\"metadata\": {\"name\": \"m\"}, \"spec\": {\"goal\": \"go\", \"timeout\": \"1s1\"}} | 422 | spec.timeout",
                "{\"metadata\": {\"name\": \"m\"}, \"spec\": {\"goal\": \"go\", \"gaol\": 1}}        | 400 | spec.gaol",
                "{\"metadata\": {\"name\": \"m\"}, \"spec\": {\"goal\": \"go\"}, \"more\": 1}        | 400 | more",
                "{\"metadata\": {\"name\": \"m\", \"extra\": 1}, \"spec\": {\"goal\": \"go\"}}       | 400 | metadata.extra",
                "{\"metadata\": {\"name\": \"M M\"}, \"spec\": {\"goal\": \"go\"}}                   | 422 | metadata.name",
                "{\"metadata\": {\"name\": \"../m\"}, \"spec\": {\"goal\": \"go\"}}                  | 422 | metadata.name",
                "{\"metadata\": {\"name\": \"m\", \"labels\": {\"a b\": \"c\"}}, \"spec\": {\"goal\": \"go\"}} | 422 | metadata.labels",
            })
    void whatTheMissionMayNotBeNamesItsField(String body, int status, String field) {
        assertThat(problem(user.post(missions, body), status).path("field").asText())
                .isEqualTo(field);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "{}                                                 | spec",
                "{\"spec\": {}}                                     | spec",
                "{\"spec\": 1}                                      | spec",
                "{\"spec\": {\"goal\": \"other\"}}                  | spec.goal",
                "{\"spec\": {\"suspend\": \"yes\"}}                 | spec.suspend",
                "{\"spec\": {\"retention\": {\"data\": \"soon\"}}}  | spec.retention.data",
                "{\"spec\": {\"retention\": {\"object\": \"x\"}}}   | spec.retention.object",
                "{\"metadata\": {\"labels\": {\"a\": \"b\"}}}       | metadata",
                "{\"status\": {\"phase\": \"Succeeded\"}}           | status",
            })
    void whatMayNotChangeNamesItsField(String patch, String field) {
        user.post(missions, "{\"metadata\": {\"name\": \"m\"}, \"spec\": {\"goal\": \"go\"}}");

        assertThat(problem(user.patch(missions + "/m", patch), 422)
                        .path("field")
                        .asText())
                .isEqualTo(field);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "?limit=0 | limit",
                "?limit=1001 | limit",
                "?limit=many | limit",
                "?limit=99999999999999999999 | limit",
                "?sort=color | sort",
                "?phase=Done | phase",
                "?phase=Running, | phase",
                "?continue=AAAA | continue",
                "?continue=%F0%9F%92%A3 | continue",
                "?labelSelector=a%20b | labelSelector",
                "?labelSelector=%00 | labelSelector",
                "/m/transcript?after=-1 | after",
                "/m/transcript?limit=0 | limit",
                "/m/chain?after=x | after",
                "/m/chain?limit=1001 | limit",
            })
    void parametersThatCannotBeReadAreNamed(String rest, String parameter) {
        assertThat(problem(user.get(missions + rest), 400).path("field").asText())
                .isEqualTo(parameter);
    }

    @Test
    void aPageOfAnotherListIsNoPageOfThisOne() {
        for (String name : List.of("a", "b")) {
            user.post(missions, "{\"metadata\": {\"name\": \"%s\"}, \"spec\": {\"goal\": \"go\"}}".formatted(name));
        }
        ThreeRoles.waiting(Duration.ofSeconds(20))
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> user.get(missions).json().path("total").asInt() == 2);
        String next = user.get(missions + "?limit=1&sort=name")
                .json()
                .path("continue")
                .asText();

        JsonNode problem = problem(user.get(missions + "?limit=1&sort=-name&continue=" + next), 400);
        assertThat(problem.path("field").asText()).isEqualTo("continue");
        assertThat(problem.path("detail").asText()).contains("other parameters");
    }

    @Test
    void hostileNamesReachNobody() {
        for (String name : Stream.of(
                        "A", "a/b", "a%2e", "a?b", "a#b", "a b", "\u0000", "\u00e9", "x".repeat(300), "a\r\nX: y")
                .map(each -> URLEncoder.encode(each, StandardCharsets.UTF_8).replace("+", "%20"))
                .toList()) {
            assertThat(user.get(missions + "/" + name).status()).as(name).isIn(400, 404);
            assertThat(user.get("/namespaces/" + name + "/missions").status())
                    .as(name)
                    .isIn(400, 404);
        }
        assertThat(problem(user.get(missions + "/A"), 400).path("field").asText())
                .isEqualTo("name");
        assertThat(problem(user.get("/namespaces/A/missions"), 400)
                        .path("field")
                        .asText())
                .isEqualTo("namespace");
    }

    @Test
    void anIdThatIsNoEventsIsRefused() {
        user.post(missions, "{\"metadata\": {\"name\": \"m\"}, \"spec\": {\"goal\": \"go\"}}");
        for (String id : List.of("x", "1", "-1-1", "1-", "99999999999999999999-1")) {
            Answer answer = user.send(user.request(missions + "/m/events").header("Last-Event-ID", id));
            assertThat(problem(answer, 400).path("field").asText()).isEqualTo("Last-Event-ID");
        }
    }

    @Test
    void whoeverAsksTooOftenIsToldWhenToComeBack() {
        RestCalls other = gateways.calls(0, CLUSTER.config().getOauthToken());
        Optional<Answer> refused = IntStream.range(0, 4 * BURST)
                .mapToObj(i -> user.get(missions))
                .filter(answer -> answer.status() != 200)
                .findFirst();

        assertThat(refused).isPresent();
        assertThat(problem(refused.get(), 429).path("detail").asText()).contains("1 requests a second");
        assertThat(refused.get().header("Retry-After")).matches("[1-9]\\d*");
        assertThat(other.get(missions).status()).isEqualTo(200);
    }

    private static JsonNode problem(Answer answer, int status) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).as(answer.text()).startsWith("application/problem+json");
        JsonNode problem = answer.json();
        assertThat(problem.path("type").asText()).isEqualTo("about:blank");
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("title").asText()).isNotEmpty();
        assertThat(problem.path("detail").asText()).isNotEmpty().doesNotContain("Exception");
        return problem;
    }
}
