package dev.tagma.app.role;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tagma.app.role.EventListener.Event;
import dev.tagma.app.role.RestCalls.Answer;
import dev.tagma.kube.Cluster;
import dev.tagma.store.TestPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What listeners hear of missions, whichever replica they listen to. */
@Timeout(120)
class EventsIT {
    private static final Cluster CLUSTER = Cluster.shared();
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int IDLE_SECONDS = 4;

    @TempDir
    private static Path directory;

    private static Gateways gateways;

    private String namespace;
    private String missions;
    private String token;
    private RestCalls user;

    @BeforeAll
    static void start() {
        gateways = new Gateways(
                CLUSTER,
                TestPostgres.shared(),
                directory,
                2,
                Map.of(
                        "TAGMA_HTTP_IDLE_SECONDS",
                        Integer.toString(IDLE_SECONDS),
                        "TAGMA_REST_STREAMS_PER_CALLER",
                        "3"));
    }

    @AfterAll
    static void stop() {
        gateways.close();
    }

    @BeforeEach
    void user() {
        namespace = CLUSTER.newNamespace("events");
        missions = "/namespaces/" + namespace + "/missions";
        gateways.grant(namespace, "user", "missions", "get", "list", "watch", "create", "patch", "delete");
        token = gateways.token(namespace, "user");
        user = gateways.calls(0, token);
    }

    @Test
    void aMissionIsToldFromItsFirstStateToItsLast() {
        JsonNode mission = create("m");
        try (EventListener listener = listen(0, "/m/events", null)) {
            assertThat(listener.status()).isEqualTo(200);
            assertThat(listener.type()).startsWith("text/event-stream");
            eventually(() -> assertThat(listener.events("transition")).hasSize(1));
            StoredRun run = StoredRun.admit(gateways.store(), mission);
            eventually(() -> assertThat(phases(listener)).endsWith("Queued"));
            run.bind();
            eventually(() -> assertThat(phases(listener)).endsWith("Running"));
            run.say("one").say("two");
            eventually(() -> assertThat(steps(listener)).containsExactly(1L, 2L));
            run.answer("three");
            eventually(() -> assertThat(listener.ended()).isTrue());

            assertThat(steps(listener)).containsExactly(1L, 2L, 3L);
            assertThat(phases(listener)).endsWith("Queued", "Running", "Succeeded");
            assertThat(listener.events().getLast().name()).isEqualTo("transition");
            Event last = listener.events().getLast();
            assertThat(last.json().at("/status/result/summary").asText()).isEqualTo("three");
            assertThat(last.json().path("name").asText()).isEqualTo("m");
            assertThat(listener.events("step").getFirst().json().path("kind").asText())
                    .isEqualTo("ModelReply");
            assertThat(listener.events().toString()).doesNotContain("two");

            Answer told = user.send(user.request(missions + "/m/events")
                    .header("Accept", "text/event-stream")
                    .header("Last-Event-ID", last.id()));
            assertThat(told.status()).isEqualTo(204);
            assertThat(told.text()).isEmpty();
        }
    }

    @Test
    void anEventIsHeardAtTheOtherReplicaToo() {
        StoredRun run = StoredRun.admit(gateways.store(), create("m")).bind();
        try (EventListener here = listen(0, "/m/events", null);
                EventListener there = listen(1, "/m/events", null)) {
            eventually(() -> assertThat(phases(here)).containsExactly("Running"));
            eventually(() -> assertThat(phases(there)).containsExactly("Running"));
            run.say("one");
            eventually(() -> assertThat(steps(here)).containsExactly(1L));
            eventually(() -> assertThat(steps(there)).containsExactly(1L));
        }
    }

    @Test
    void aListenerThatComesBackHearsWhatItMissedAndNothingTwice() {
        StoredRun run = StoredRun.admit(gateways.store(), create("m")).bind().say("one");
        String last;
        try (EventListener first = listen(0, "/m/events", null)) {
            eventually(() -> assertThat(phases(first)).containsExactly("Running"));
            run.say("two");
            eventually(() -> assertThat(steps(first)).containsExactly(2L));
            last = first.last();
        }
        run.sayAll(400, "much").answer("end");
        try (EventListener second = listen(1, "/m/events", last)) {
            eventually(() -> assertThat(second.ended()).isTrue());
            assertThat(steps(second))
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(3, 403).boxed().toList());
            assertThat(phases(second)).containsExactly("Succeeded");
        }
    }

    @Test
    void aListenerWhoseReplicaIsKilledGoesOnAtTheOther() {
        StoredRun run = StoredRun.admit(gateways.store(), create("m")).bind();
        List<Event> heard = new ArrayList<>();
        for (int replica = 0; replica < 2; replica++) {
            long until = run.head().seq() + 100;
            try (EventListener listener = listen(
                    replica,
                    "/m/events",
                    heard.isEmpty() ? null : heard.getLast().id())) {
                eventually(() -> assertThat(listener.signsOfLife()).isPositive());
                while (run.head().seq() < until) {
                    run.say("words");
                }
                eventually(() -> assertThat(listener.events("step")).isNotEmpty());
                gateways.process(replica).kill();
                eventually(() -> assertThat(listener.ended()).isTrue());
                heard.addAll(listener.events());
            }
            gateways.startAgain(replica);
            run.say("nobody listens");
            gateways.awaitReady();
        }
        run.answer("end");
        try (EventListener last = listen(0, "/m/events", heard.getLast().id())) {
            eventually(() -> assertThat(last.ended()).isTrue());
            heard.addAll(last.events());
        }
        assertThat(heard.stream()
                        .filter(event -> event.name().equals("step"))
                        .map(event -> event.json().path("seq").asLong()))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, run.head().seq()).boxed().toList());
        assertThat(heard.stream()
                        .filter(event -> event.name().equals("transition"))
                        .map(Event::phase))
                .containsExactly("Running", "Succeeded");
    }

    @Test
    void deletingAMissionEndsItsStream() {
        create("m");
        try (EventListener listener = listen(0, "/m/events", null)) {
            eventually(() -> assertThat(listener.events("transition")).isNotEmpty());
            user.delete(missions + "/m");
            eventually(() -> assertThat(listener.ended()).isTrue());
            assertThat(listener.events().getLast().name()).isEqualTo("deleted");
        }
    }

    @Test
    void aNamespaceIsToldTheTransitionsOfItsMissionsAndOfNoOthers() {
        String elsewhere = CLUSTER.newNamespace("elsewhere");
        JsonNode stranger = gateways.calls(0, CLUSTER.config().getOauthToken())
                .post("/namespaces/" + elsewhere + "/missions", body("m"))
                .json();
        JsonNode one = create("one");
        JsonNode two = create("two");
        StoredRun.admit(gateways.store(), stranger);
        StoredRun first = StoredRun.admit(gateways.store(), one);
        try (EventListener listener = listen("/namespaces/" + namespace + "/events", "0")) {
            eventually(() -> assertThat(names(listener, "Queued")).containsExactly("one"));
            StoredRun.admit(gateways.store(), two).bind().answer("done");
            eventually(() -> assertThat(names(listener, "Succeeded")).containsExactly("two"));
            first.bind().say("words").answer("done");
            eventually(() -> assertThat(names(listener, "Succeeded")).containsExactly("two", "one"));

            assertThat(listener.events("step")).isEmpty();
            assertThat(listener.events())
                    .extracting(event -> event.json().path("namespace").asText())
                    .containsOnly(namespace);
        }
    }

    @Test
    void aQuietStreamGivesSignsOfLifeAndIsNotCutOff() {
        create("m");
        try (EventListener listener = listen(0, "/m/events", null)) {
            eventually(() -> assertThat(listener.signsOfLife()).isGreaterThanOrEqualTo(2 * IDLE_SECONDS));
            assertThat(listener.ended()).isFalse();
        }
    }

    @Test
    void aReaderThatReadsNothingIsCutOff() throws IOException {
        StoredRun run = StoredRun.admit(gateways.store(), create("m")).bind();
        URI gateway = URI.create(gateways.url(0));
        try (Socket socket = new Socket()) {
            socket.setReceiveBufferSize(2_048);
            socket.connect(new InetSocketAddress(gateway.getHost(), gateway.getPort()));
            socket.getOutputStream()
                    .write(("GET /api/v1alpha1" + missions + "/m/events HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer "
                                    + token + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            eventually(() -> assertThat(openStreams()).isOne());
            for (int i = 0; i < 60; i++) {
                run.sayAll(1_000, "x");
            }
            eventually(() -> assertThat(openStreams()).isZero());
            long read = drain(socket.getInputStream());
            assertThat(read).isLessThan(60_000L * 60);
        }
    }

    @Test
    void aCallerHasSoManyStreamsAndNoMore() {
        create("m");
        List<EventListener> open = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                open.add(listen(0, "/m/events", null));
            }
            eventually(() -> assertThat(open).allMatch(each -> each.signsOfLife() > 0));
            Answer fourth = user.get(missions + "/m/events");
            assertThat(fourth.status()).isEqualTo(429);
            assertThat(fourth.header("Retry-After")).isNotEmpty();
        } finally {
            open.forEach(EventListener::close);
        }
        eventually(() -> {
            try (EventListener again = listen(0, "/m/events", null)) {
                assertThat(again.status()).isEqualTo(200);
            }
        });
    }

    @Test
    void whatWasToldAndListedIsCounted() {
        double before = metric("tagma_rest_events_total{event=\"step\"");
        StoredRun run = StoredRun.admit(gateways.store(), create("m")).bind();
        try (EventListener listener = listen(0, "/m/events", null)) {
            eventually(() -> assertThat(phases(listener)).containsExactly("Running"));
            run.say("one").say("two").answer("three");
            eventually(() -> assertThat(listener.ended()).isTrue());
        }
        user.get(missions);
        assertThat(metric("tagma_rest_events_total{event=\"step\"")).isEqualTo(before + 3);
        assertThat(metric("http_server_requests_seconds_count{method=\"GET\",outcome=\"SUCCESS\",status=\"200\","
                        + "uri=\"/api/v1alpha1/namespaces/{namespace}/missions\""))
                .isPositive();
    }

    private double openStreams() {
        return metric("tagma_rest_streams");
    }

    private static double metric(String name) {
        return gateways.process(0)
                .get("/q/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    private static long drain(InputStream in) {
        try {
            return in.readAllBytes().length;
        } catch (IOException e) {
            return 0;
        }
    }

    private EventListener listen(int replica, String path, String last) {
        return new EventListener(gateways.calls(replica, token), missions + path, last);
    }

    private EventListener listen(String path, String last) {
        return new EventListener(gateways.calls(0, token), path, last);
    }

    private static void eventually(org.awaitility.core.ThrowingRunnable assertion) {
        ThreeRoles.waiting(PATIENCE).untilAsserted(assertion);
    }

    private static List<String> phases(EventListener listener) {
        return listener.events("transition").stream().map(Event::phase).toList();
    }

    private static List<String> names(EventListener listener, String phase) {
        return listener.events("transition").stream()
                .filter(event -> event.phase().equals(phase))
                .map(event -> event.json().path("name").asText())
                .toList();
    }

    private static List<Long> steps(EventListener listener) {
        return listener.events("step").stream()
                .map(event -> event.json().path("seq").asLong())
                .toList();
    }

    private JsonNode create(String name) {
        Answer answer = user.post(missions, body(name));
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer.json();
    }

    private static String body(String name) {
        return "{\"metadata\": {\"name\": \"%s\"}, \"spec\": {\"goal\": \"go\"}}".formatted(name);
    }
}
