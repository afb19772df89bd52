package dev.tagma.app.role;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tagma.app.role.RestCalls.Answer;
import dev.tagma.kube.Cluster;
import dev.tagma.store.TestPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What REST says while something that it stands on is away, and that it is back by itself. */
@Timeout(180)
class RestOutageIT {
    @TempDir
    private static Path directory;

    private static Cluster cluster;
    private static TestPostgres postgres;
    private static Gateways gateways;

    private String namespace;
    private String missions;
    private String token;
    private RestCalls user;

    @BeforeAll
    static void start() {
        cluster = Cluster.own();
        postgres = TestPostgres.own();
        gateways = new Gateways(cluster, postgres, directory, 1, Map.of());
    }

    @AfterAll
    static void stop() {
        gateways.close();
        postgres.close();
        cluster.close();
    }

    @BeforeEach
    void user() {
        namespace = cluster.newNamespace("outage");
        missions = "/namespaces/" + namespace + "/missions";
        gateways.grant(namespace, "user", "missions", "get", "list", "watch", "create", "patch", "delete");
        gateways.grant(namespace, "user", "missions/transcript", "get");
        token = gateways.token(namespace, "user");
        user = gateways.calls(0, token);
    }

    @Test
    void aDatabaseThatIsAwayIsSaidAndStreamsOutliveIt() {
        StoredRun run = StoredRun.admit(gateways.store(), create("m")).bind().say("one");
        try (EventListener listener = new EventListener(user, missions + "/m/events", "0-0")) {
            eventually(() -> assertThat(listener.events("step")).hasSize(1));
            postgres.stop();
            try {
                eventually(() -> assertThat(gateways.process(0).ready()).isFalse());
                assertThat(gateways.process(0).get("/q/health/ready").body()).contains("away");
                assertThat(gateways.process(0).answers("/q/health/live")).isTrue();
                Answer away = user.get(missions + "/m/transcript");
                assertThat(away.status()).as(away.text()).isEqualTo(503);
                assertThat(away.header("Retry-After")).isNotEmpty();
                assertThat(away.json().path("detail").asText()).contains("database");
                // what needs no database is answered
                assertThat(user.get(missions + "/m").status()).isEqualTo(200);
                assertThat(user.get(missions).status()).isEqualTo(200);
            } finally {
                postgres.start();
            }
            eventually(() -> assertThat(gateways.process(0).ready()).isTrue());
            eventually(() ->
                    assertThat(user.get(missions + "/m/transcript").status()).isEqualTo(200));
            ThreeRoles.waiting(Duration.ofSeconds(30)).ignoreExceptions().until(() -> {
                run.say("two");
                return true;
            });
            eventually(() -> assertThat(listener.events("step"))
                    .extracting(event -> event.json().path("seq").asLong())
                    .contains(1L, 2L)
                    .doesNotHaveDuplicates());
            assertThat(listener.ended()).isFalse();
        }
    }

    @Test
    void anApiServerThatIsAwayIsSaidAndTheListGoesOnAfterIt() {
        create("before");
        eventually(() ->
                assertThat(user.get(missions).json().path("total").asInt()).isEqualTo(1));
        cluster.killApiServer();
        Answer away = user.get(missions + "/before");
        assertThat(away.status()).as(away.text()).isEqualTo(503);
        assertThat(away.header("Retry-After")).isNotEmpty();
        assertThat(away.json().path("detail").asText()).contains("API server");
        Answer unknown = gateways.calls(0, "a token that nobody saw before").get(missions);
        assertThat(unknown.status()).as(unknown.text()).isEqualTo(503);
        assertThat(unknown.json().path("detail").asText()).contains("who calls");

        cluster.startApiServer();
        eventually(() -> assertThat(user.post(missions, body("after")).status()).isEqualTo(201));
        eventually(() ->
                assertThat(user.get(missions).json().path("total").asInt()).isEqualTo(2));
    }

    @Test
    void whatTheGatewayMayNotDoIsNoFaultOfItsCaller() {
        RestCalls admin = gateways.calls(0, cluster.config().getOauthToken());
        cluster.kubectl("delete", "clusterrolebinding", "tagma-gateway").ok();
        try {
            // whoever asks for the first time cannot be told who it is any more
            eventually(() -> assertThat(user.get(missions + "/m").status()).isEqualTo(503));
            assertThat(admin.get(missions + "/m").text()).doesNotContain("tagma-gateway");
        } finally {
            RoleAccount.install(cluster);
        }
        eventually(() -> assertThat(user.get(missions + "/m").status()).isEqualTo(404));
    }

    @Test
    void aTokenThatWasTakenAwayEndsItsStream() {
        create("m");
        try (EventListener listener = new EventListener(user, missions + "/m/events", null)) {
            eventually(() -> assertThat(listener.signsOfLife()).isPositive());
            cluster.client()
                    .serviceAccounts()
                    .inNamespace(namespace)
                    .withName("user")
                    .delete();
            ThreeRoles.waiting(Duration.ofSeconds(120))
                    .untilAsserted(() -> assertThat(listener.ended()).isTrue());
            EventListener.Event last = listener.events().getLast();
            assertThat(last.name()).isEqualTo("end");
            assertThat(last.json().path("cause").asText()).isEqualTo("Denied");
        }
    }

    private JsonNode create(String name) {
        Answer answer = user.post(missions, body(name));
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer.json();
    }

    private static String body(String name) {
        return "{\"metadata\": {\"name\": \"%s\"}, \"spec\": {\"goal\": \"go\"}}".formatted(name);
    }

    private static void eventually(ThrowingRunnable assertion) {
        ThreeRoles.waiting(Duration.ofSeconds(60)).untilAsserted(assertion);
    }
}
