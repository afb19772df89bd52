package dev.tagma.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.Phase;
import dev.tagma.mission.Reason;
import dev.tagma.mission.step.StepContent.Feedback;
import dev.tagma.mission.step.StepContent.ModelReply;
import dev.tagma.mission.step.StepContent.Observation;
import dev.tagma.store.TestPostgres;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Models and tools that misbehave: the mission ends with an answer or a clear failure, and everything is in its log. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AgentTroubleIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String RULES = """
            - when: {goalContains: prose, turn: 0}
              reply: {text: "The number is seven."}
            - when: {goalContains: prose}
              reply: {json: {n: 7}}
            - when: {goalContains: stranger, turn: 0}
              reply: {toolCalls: [{tool: teleport, arguments: {}}]}
            - when: {goalContains: parrot}
              reply: {toolCalls: [{tool: calculator, arguments: {expression: "1 + 1"}}]}
            - when: {goalContains: megabyte}
              reply: {text: "x", repeat: 1000000}
            - when: {goalContains: flood, turn: 0}
              reply: {text: "\\"x", repeat: 3000000, outputTokens: 7}
            - when: {goalContains: flood}
              reply: {text: "short", outputTokens: 1}
            - when: {goalContains: tools, turn: 0}
              reply:
                toolCalls:
                - {tool: hang}
                - {tool: hang-paying}
                - {tool: die}
                - {tool: big}
                - {tool: bytes}
            - reply: {text: "done"}
            """;

    private final CountDownLatch hung = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private HttpServer server;
    private Rig rig;

    @BeforeAll
    void runThemAll() throws IOException {
        serve();
        String tools = "- {name: calculator, builtin: Calculator}\n" + tool("hang", "hang", ", timeout: 1s")
                + tool("hang-paying", "hang", ", timeout: 1s, sideEffects: NonIdempotent") + tool("die", "die", "")
                + tool("big", "big", "") + tool("bytes", "bytes", "");
        rig = new Rig(
                TestPostgres.shared().fresh(),
                Manifests.pool(RULES, tools, "calculator", "hang", "hang-paying", "die", "big", "bytes")
                        + Manifests.mission(
                                "prose",
                                "{goal: prose, outputSchema: {type: object, required: [n], properties: {n: {type: integer}}}}")
                        + Manifests.mission("stranger", "{goal: stranger}")
                        + Manifests.mission("parrot", "{goal: parrot, maxIterations: 50}")
                        + Manifests.mission("megabyte", "{goal: megabyte}")
                        + Manifests.mission("flood", "{goal: flood}")
                        + Manifests.mission("tools", "{goal: tools}"));
        rig.submit(rig.system("only"));
        rig.await(
                PATIENCE,
                () -> rig.missions().stream()
                        .allMatch(mission -> mission.phase().terminal()));
    }

    private String tool(String name, String path, String more) {
        int port = server.getAddress().getPort();
        return "- {name: %s, http: {url: \"http://127.0.0.1:%d/%s\", allowedHosts: [\"127.0.0.1:%d\"]}%s}\n"
                .formatted(name, port, path, port, more);
    }

    private void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        server.setExecutor(threads);
        server.createContext("/hang", exchange -> {
            try {
                hung.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        });
        server.createContext("/die", HttpExchange::close);
        server.createContext("/big", exchange -> {
            byte[] block = "0123456789abcdef".repeat(4096).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream body = exchange.getResponseBody()) {
                for (int i = 0; i < 160; i++) {
                    body.write(block);
                }
            }
        });
        server.createContext("/bytes", exchange -> {
            byte[] answer = {'o', 'k', ' ', (byte) 0xff, (byte) 0xc3, ' ', 0, 'x'};
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
    }

    @AfterAll
    void stop() {
        rig.close();
        hung.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void aReplyThatIsNoJsonGoesBackWithTheReason() {
        MissionRecord ended = succeeded("prose");
        assertThat(ended.outcome().output()).hasToString("{\"n\":7}");
        assertThat(rig.contents(ended, Feedback.class))
                .singleElement()
                .satisfies(told -> assertThat(told.text()).contains("not JSON"));
    }

    @Test
    void aReplyThatNamesAnUnknownToolIsToldWhichThereAre() {
        assertThat(rig.contents(succeeded("stranger"), Observation.class))
                .singleElement()
                .satisfies(seen -> {
                    assertThat(seen.result()).isEqualTo(Observation.Result.Error);
                    assertThat(seen.output()).contains("teleport", "calculator");
                });
    }

    @Test
    void aModelThatRepeatsItselfIsToldThenFails() {
        MissionRecord ended = mission("parrot");
        assertThat(ended.reason()).isEqualTo(Reason.LimitsExceeded);
        assertThat(ended.message()).contains("calculator", "5 times");
        assertThat(rig.contents(ended, Feedback.class)).isNotEmpty();
    }

    @Test
    void aReplyOfAMegabyteIsStoredAndAnswersTheMission() {
        assertThat(succeeded("megabyte").outcome().summary()).hasSize(1_000_000);
    }

    @Test
    void aReplyTooLargeToStoreGoesBackAndIsPaidOnce() {
        MissionRecord ended = succeeded("flood");
        assertThat(ended.outcome().summary()).isEqualTo("short");
        assertThat(ended.attempts()).isZero();
        assertThat(ended.usage().outputTokens()).isEqualTo(8);
        assertThat(rig.contents(ended, ModelReply.class).getFirst().stop()).isEqualTo(ModelReply.Stop.Length);
        assertThat(rig.contents(ended, Feedback.class))
                .singleElement()
                .satisfies(told -> assertThat(told.text()).contains("shorter"));
    }

    @Test
    void aToolThatHangsIsCutByItsTimeout() {
        assertThat(observation("hang").result()).isEqualTo(Observation.Result.Error);
        assertThat(observation("hang").output()).contains("No answer");
    }

    @Test
    void aToolThatHangsWithSideEffectsHasAnUnknownOutcome() {
        assertThat(observation("hang-paying").result()).isEqualTo(Observation.Result.Unknown);
    }

    @Test
    void aToolThatDiesIsAnErrorForTheModel() {
        assertThat(observation("die").result()).isEqualTo(Observation.Result.Error);
        assertThat(observation("die").output()).contains("No answer");
    }

    @Test
    void aToolThatReturnsTenMegabytesIsCut() {
        assertThat(observation("big").result()).isEqualTo(Observation.Result.Ok);
        assertThat(observation("big").output().length()).isLessThan(11 << 10);
        assertThat(observation("big").truncatedFrom()).isPositive();
    }

    @Test
    void aToolThatReturnsInvalidUtf8IsStoredAndShown() {
        assertThat(observation("bytes").output()).startsWith("ok ").endsWith("x");
    }

    private Observation observation(String tool) {
        return rig.contents(succeeded("tools"), Observation.class).stream()
                .filter(seen -> seen.tool().equals(tool))
                .findFirst()
                .orElseThrow();
    }

    private MissionRecord succeeded(String name) {
        assertThat(mission(name).phase()).as(mission(name).toString()).isEqualTo(Phase.Succeeded);
        return mission(name);
    }

    private MissionRecord mission(String name) {
        return rig.missions().stream()
                .filter(mission -> mission.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
