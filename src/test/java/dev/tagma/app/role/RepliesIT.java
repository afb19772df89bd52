package dev.tagma.app.role;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tagma.app.role.EventListener.Event;
import dev.tagma.app.role.RestCalls.Answer;
import dev.tagma.app.role.TypingProvider.Call;
import dev.tagma.kube.Cluster;
import dev.tagma.store.TestPostgres;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What listeners hear of replies while models write them, in the three roles as they are deployed. */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RepliesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration TOKEN_LIFE = Duration.ofHours(1);
    private static final String POOL = """
            apiVersion: tagma.dev/v1alpha1
            kind: ModelProvider
            metadata: {name: typing}
            spec: {type: OpenAI, endpoint: "%s", retry: {limit: 0}}
            ---
            apiVersion: tagma.dev/v1alpha1
            kind: AgentPool
            metadata: {name: default}
            spec:
              replicas: 1
              models:
              - {name: primary, providerRef: {name: typing}, model: first}
              - {name: other, providerRef: {name: typing}, model: second}
              agents: [{name: clerk, instructions: Say it., models: [primary, other]}]
            """;

    private final List<EventListener> listeners = new ArrayList<>();
    private TypingProvider provider;
    private Cluster cluster;
    private ThreeRoles roles;
    private String namespace;
    private String reader;
    private String watcher;

    /** The replica that asks the models: the one that the only runtime dialled. */
    private int home;

    private int missions;
    private String mission;

    @BeforeAll
    void start(@TempDir Path directory) {
        provider = new TypingProvider();
        cluster = Cluster.own();
        roles = new ThreeRoles(cluster, TestPostgres.shared(), directory, 2, 1);
        roles.awaitReady();
        namespace = cluster.newNamespace("replies");
        cluster.kubectlWithInput(POOL.formatted(provider.endpoint()), "apply", "-n", namespace, "-f", "-")
                .ok();
        cluster.kubectl("wait", "--for=condition=Ready", "agentpool/default", "-n", namespace, "--timeout=120s")
                .ok();
        cluster.kubectl(role("watch", "get,list,watch,create,patch", "missions.tagma.dev"))
                .ok();
        cluster.kubectl(role("read", "get", "missions.tagma.dev/transcript")).ok();
        bind("watch", "watcher", "reader");
        bind("read", "reader");
        watcher = cluster.token(namespace, "watcher", TOKEN_LIFE);
        reader = cluster.token(namespace, "reader", TOKEN_LIFE);
        findHome();
    }

    private void findHome() {
        suspended();
        EventListener one = listen(0, reader);
        EventListener other = listen(1, reader);
        resume();
        Call call = provider.next().write("Hello");
        eventually(() -> assertThat(
                        one.events("reply").size() + other.events("reply").size())
                .isPositive());
        home = one.events("reply").isEmpty() ? 1 : 0;
        call.end();
        eventually(() -> assertThat(listeners).allMatch(EventListener::ended));
        hangUp();
    }

    @AfterAll
    void stop() {
        roles.close();
        cluster.close();
        provider.close();
    }

    @BeforeEach
    void mission() {
        suspended();
    }

    @AfterEach
    void hangUp() {
        listeners.forEach(EventListener::close);
        listeners.clear();
    }

    @Test
    void aReplyIsHeardWhileItIsWrittenAndThenAsItsStep() {
        EventListener listener = listen(home, reader);
        resume();
        Call call = provider.next();
        assertThat(call.streams()).isTrue();
        call.write("Once upon");
        eventually(() -> assertThat(text(listener)).isEqualTo("Once upon"));
        String id = listener.last();
        call.write(" a time \ud83d\ude00");
        eventually(() -> assertThat(text(listener)).isEqualTo("Once upon a time \ud83d\ude00"));
        assertThat(listener.last()).as("the id to come back with").isEqualTo(id);
        assertThat(listener.events("step")).isEmpty();
        call.write(".").end();
        eventually(() -> assertThat(listener.ended()).isTrue());

        assertThat(summary(listener)).isEqualTo("Once upon a time \ud83d\ude00.");
        assertThat(listener.events("step"))
                .extracting(event -> event.json().path("seq").asLong())
                .containsExactly(1L);
        assertThat(listener.events("reply"))
                .extracting(event -> event.json().path("seq").asLong())
                .containsOnly(1L);
        List<String> names = listener.events().stream().map(Event::name).toList();
        assertThat(names.lastIndexOf("reply")).isLessThan(names.indexOf("step"));
    }

    @Test
    void whoeverJoinsInMidReplyHearsWhatWasSaidSoFar() {
        EventListener first = listen(home, reader);
        resume();
        Call call = provider.next().write("Once upon");
        eventually(() -> assertThat(text(first)).isEqualTo("Once upon"));
        EventListener second = listen(home, reader);
        eventually(() -> assertThat(text(second)).isEqualTo("Once upon"));
        assertThat(second.events("reply").getFirst().json().path("from").asInt())
                .isZero();
        call.write(" a time");
        eventually(() -> assertThat(text(first)).isEqualTo("Once upon a time"));
        eventually(() -> assertThat(text(second)).isEqualTo("Once upon a time"));
        call.end();
        eventually(() -> assertThat(listeners).allMatch(EventListener::ended));
    }

    @Test
    void whoeverMayNotReadTheTranscriptHearsNoText() {
        EventListener mayRead = listen(home, reader);
        EventListener mayNot = listen(home, watcher);
        resume();
        Call call = provider.next().write("a secret word");
        eventually(() -> assertThat(text(mayRead)).isEqualTo("a secret word"));
        call.write(", and another").end();
        eventually(() -> assertThat(listeners).allMatch(EventListener::ended));

        assertThat(mayNot.events("reply")).isEmpty();
        assertThat(mayNot.events("step")).hasSize(1);
        assertThat(mayNot.events("step").toString()).doesNotContain("secret");
    }

    @Test
    void aReplyThatNobodyMayReadIsNotStreamed() {
        EventListener mayNot = listen(home, watcher);
        resume();
        Call call = provider.next();
        assertThat(call.streams()).isFalse();
        EventListener late = listen(home, reader);
        call.write("a word").end();
        eventually(() -> assertThat(listeners).allMatch(EventListener::ended));

        assertThat(mayNot.events("step")).hasSize(1);
        assertThat(late.events("reply")).isEmpty();
        assertThat(late.events("step")).hasSize(1);
        assertThat(summary(late)).isEqualTo("a word");
    }

    @Test
    void aProviderThatKnowsNoStreamsIsAskedForTheWholeReply() {
        EventListener listener = listen(home, reader);
        provider.streamless(true);
        try {
            resume();
            Call call = provider.next();
            assertThat(call.streams()).isFalse();
            call.write("a word").end();
            eventually(() -> assertThat(listener.ended()).isTrue());
        } finally {
            provider.streamless(false);
        }
        assertThat(listener.events("reply")).isEmpty();
        assertThat(summary(listener)).isEqualTo("a word");
        assertThat(listener.events().getLast().json().at("/status/failovers").isMissingNode())
                .isTrue();
    }

    @Test
    void whatAModelSaidThatFailedHalfWayIsWithdrawnAndReplaced() {
        EventListener listener = listen(home, reader);
        resume();
        Call failing = provider.next().write("I think that");
        assertThat(failing.model()).isEqualTo("first");
        eventually(() -> assertThat(text(listener)).isEqualTo("I think that"));
        failing.breakOff();
        Call answering = provider.next();
        assertThat(answering.model()).isEqualTo("second");
        eventually(() -> assertThat(text(listener)).isEmpty());
        answering.write("It is");
        eventually(() -> assertThat(text(listener)).isEqualTo("It is"));
        answering.write(" so").end();
        eventually(() -> assertThat(listener.ended()).isTrue());

        assertThat(summary(listener)).isEqualTo("It is so");
        assertThat(listener.events("step")).hasSize(1);
        assertThat(listener.events("reply"))
                .extracting(event -> event.json().path("seq").asLong())
                .containsOnly(1L);
    }

    @Test
    void anotherReplicaTellsTheStepAlone() {
        EventListener here = listen(home, reader);
        EventListener there = listen(1 - home, reader);
        resume();
        Call call = provider.next().write("a word");
        eventually(() -> assertThat(text(here)).isEqualTo("a word"));
        call.end();
        eventually(() -> assertThat(listeners).allMatch(EventListener::ended));

        assertThat(there.events("reply")).isEmpty();
        assertThat(there.events("step")).hasSize(1);
        assertThat(summary(there)).isEqualTo("a word");
    }

    @Test
    void manyPiecesAreFewEventsAndASlowReaderHearsTheStepAllTheSame() throws Exception {
        int pieces = 3_000;
        EventListener listener = listen(home, reader);
        try (Socket slow = new Socket()) {
            slow.setReceiveBufferSize(2_048);
            open(slow);
            resume();
            Call call = provider.next();
            StringBuilder said = new StringBuilder();
            for (int i = 0; i < pieces; i++) {
                String piece = i + " ";
                said.append(piece);
                call.write(piece);
            }
            eventually(() -> assertThat(text(listener)).isEqualTo(said.toString()));
            call.end();
            eventually(() -> assertThat(listener.ended()).isTrue());

            assertThat(listener.events("reply").size()).isLessThan(pieces / 2);
            String heard = new String(slow.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(heard).contains("event:step", "\"Succeeded\"");
        }
    }

    /** Asks for the events, and reads no more than that they come. */
    private void open(Socket socket) throws Exception {
        socket.connect(roles.gateways().get(home).address());
        socket.getOutputStream()
                .write(("GET /api/v1alpha1" + path()
                                + "/events HTTP/1.1\r\nHost: h\r\nConnection: close\r\nAuthorization: Bearer " + reader
                                + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        InputStream in = socket.getInputStream();
        StringBuilder heard = new StringBuilder();
        while (heard.indexOf("event:transition") < 0) {
            heard.append((char) in.read());
        }
    }

    /** A mission that waits for {@link #resume}, so that its listeners are there before its model is asked. */
    private void suspended() {
        mission = "m" + missions++;
        Answer created = roles.gateways()
                .getFirst()
                .calls(reader)
                .post("/namespaces/" + namespace + "/missions", """
                {"metadata": {"name": "%s"}, "spec": {"goal": "Say it.", "suspend": true}}""".formatted(mission));
        assertThat(created.status()).as(created.text()).isEqualTo(201);
    }

    private void resume() {
        Answer patched = roles.gateways().getFirst().calls(reader).patch(path(), "{\"spec\": {\"suspend\": false}}");
        assertThat(patched.status()).as(patched.text()).isEqualTo(200);
    }

    private String path() {
        return "/namespaces/" + namespace + "/missions/" + mission;
    }

    /** A listener that is there: it was told where the mission is. */
    private EventListener listen(int replica, String token) {
        EventListener listener =
                new EventListener(roles.gateways().get(replica).calls(token), path() + "/events", null);
        listeners.add(listener);
        eventually(() -> assertThat(listener.events("transition")).isNotEmpty());
        return listener;
    }

    /** The reply as a listener has it that follows the rule: each event replaces the text from where it begins. */
    private static String text(EventListener listener) {
        StringBuilder text = new StringBuilder();
        for (Event event : listener.events("reply")) {
            JsonNode reply = event.json();
            assertThat(reply.path("from").asInt()).isLessThanOrEqualTo(text.length());
            text.setLength(reply.path("from").asInt());
            text.append(reply.path("text").asText());
        }
        return text.toString();
    }

    private static String summary(EventListener listener) {
        return listener.events().getLast().json().at("/status/result/summary").asText();
    }

    private static void eventually(ThrowingRunnable assertion) {
        ThreeRoles.waiting(PATIENCE).untilAsserted(assertion);
    }

    private String[] role(String name, String verbs, String resource) {
        return new String[] {"create", "role", name, "-n", namespace, "--verb=" + verbs, "--resource=" + resource};
    }

    private void bind(String role, String... accounts) {
        for (String account : accounts) {
            cluster.kubectl(
                            "create",
                            "rolebinding",
                            role + "-" + account,
                            "-n",
                            namespace,
                            "--role=" + role,
                            "--serviceaccount=" + namespace + ":" + account)
                    .ok();
        }
    }
}
