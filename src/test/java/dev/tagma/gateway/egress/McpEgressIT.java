package dev.tagma.gateway.egress;

import static dev.tagma.gateway.egress.ScriptedMcpServer.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tagma.agent.tool.ToolOutput;
import dev.tagma.mission.PoolRevision;
import dev.tagma.mission.step.ToolCall;
import dev.tagma.mission.step.ToolDefinition;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class McpEgressIT {
    private final AtomicLong clock = new AtomicLong();
    private final HttpEgress egress = new HttpEgress(Resolver.SYSTEM, EgressAudit.NONE, System::nanoTime);
    private final OutsideTools tools = new OutsideTools(
            egress, new McpEgress(egress, clock::get), (namespace, name, key) -> Optional.of("Bearer s3cr3t-token"));

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aToolIsCalledWithJsonAndWithEvents(boolean events) throws Exception {
        try (ScriptedMcpServer server = ScriptedMcpServer.start(events)
                .with(
                        "echo",
                        params ->
                                text("got " + params.path("arguments").path("x").asText()))) {
            assertThat(call(server, "echo", "{\"x\": 1.50}")).isEqualTo(ToolOutput.ok("got 1.50"));
            assertThat(call(server, "echo", "{\"x\": \"two\"}")).isEqualTo(ToolOutput.ok("got two"));
            assertThat(server.methods())
                    .containsExactly("initialize", "notifications/initialized", "tools/call", "tools/call");
            assertThat(server.requests().getLast().headers())
                    .containsEntry("mcp-session-id", "session-1")
                    .containsEntry("mcp-protocol-version", "2025-06-18")
                    .containsEntry("idempotency-key", "key")
                    .containsEntry("accept", "application/json, text/event-stream");
            assertThat(server.requests().getLast().body()).contains("\"_meta\":{\"tagma.dev/idempotencyKey\":\"key\"}");
        }
    }

    @Test
    void aForgottenSessionIsInitialisedOnceMore() throws Exception {
        try (ScriptedMcpServer server = ScriptedMcpServer.start(false).with("echo", params -> text("ok"))) {
            call(server, "echo", "{}");
            server.forget();
            assertThat(call(server, "echo", "{}")).isEqualTo(ToolOutput.ok("ok"));
            assertThat(server.methods()).filteredOn("initialize"::equals).hasSize(2);
        }
    }

    @Test
    void whatTheServerCallsAnErrorIsOne() throws Exception {
        try (ScriptedMcpServer server = ScriptedMcpServer.start(false)
                .with("fails", params -> text("the disk is full").put("isError", true))) {
            assertThat(call(server, "fails", "{}")).isEqualTo(ToolOutput.error("the disk is full"));
            assertThat(call(server, "nothing", "{}"))
                    .isEqualTo(ToolOutput.error("Failed: the MCP server says: Unknown tool (code -32602)"));
        }
    }

    @Test
    void contentThatIsNoTextIsNamed() throws Exception {
        try (ScriptedMcpServer server = ScriptedMcpServer.start(false).with("mixed", params -> {
            var result = text("first");
            result.withArray("content")
                    .addObject()
                    .put("type", "image")
                    .put("mimeType", "image/png")
                    .put("data", "AAAA");
            return result;
        })) {
            assertThat(call(server, "mixed", "{}"))
                    .isEqualTo(ToolOutput.ok("first\n[image image/png, 4 characters of base64 not shown]"));
        }
    }

    @Test
    void definitionsComeFromEveryPageAndAreKeptForAMinute() throws Exception {
        try (ScriptedMcpServer server =
                ScriptedMcpServer.start(false).with("a", params -> text("")).with("b", params -> text(""))) {
            assertThat(definition(server, "b").description()).isEqualTo("Does b.");
            assertThat(definition(server, "a").parameters().at("/properties").has("x"))
                    .isTrue();
            assertThat(listings(server)).isEqualTo(2);
            clock.addAndGet(Duration.ofSeconds(61).toNanos());
            definition(server, "a");
            assertThat(listings(server)).isEqualTo(4);
        }
    }

    @Test
    void whatAServerTellsOfItsToolsIsBounded() throws Exception {
        int schema = 60_000;
        try (ScriptedMcpServer server = ScriptedMcpServer.start(false).verbose(schema)) {
            for (char name = 'a'; name < 'a' + 20; name++) {
                server.with(String.valueOf(name), params -> text(""));
            }
            ToolDefinition first = definition(server, "a");
            assertThat(first.description()).hasSize(4096);
            assertThat(first.parameters().path("title").asText()).hasSize(schema);
            int fit = McpCatalog.MAX_LISTING / schema;
            assertThat(definition(server, String.valueOf((char) ('a' + fit))).description())
                    .contains("lists more than " + McpCatalog.MAX_LISTING)
                    .hasSizeLessThan(300);
            assertThat(listings(server)).isLessThanOrEqualTo(fit + 1L);
        }
    }

    @Test
    void aVersionThatNobodyKnowsIsShownInPart() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(ScriptedServer.always(
                "200 OK",
                "Content-Type: application/json\r\n",
                "{\"id\": 1, \"result\": {\"protocolVersion\": \"" + "9".repeat(100_000) + "\"}}"))) {
            assertThat(tools.definitions(pool(1), List.of(tool(server.port(), server.url("/mcp"), "a"))))
                    .singleElement()
                    .satisfies(tool -> assertThat(tool.description())
                            .contains("speaks the protocol version")
                            .hasSizeLessThan(2_000));
        }
    }

    @Test
    void whoIsCancelledDoesNotWaitForASilentServer() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.start((request, out) -> {
            asked.countDown();
            answer.await();
        })) {
            CompletableFuture<Throwable> ended = new CompletableFuture<>();
            Thread mission = Thread.ofVirtual()
                    .start(() -> ended.complete(catchThrowable(
                            () -> tools.definitions(pool(1), List.of(tool(server.port(), server.url("/mcp"), "a"))))));
            assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
            mission.interrupt();
            assertThat(ended.get(30, TimeUnit.SECONDS)).isInstanceOf(CancellationException.class);
            answer.countDown();
        }
    }

    @Test
    void aToolThatTheServerDoesNotListSaysSo() throws Exception {
        try (ScriptedMcpServer server = ScriptedMcpServer.start(false).with("a", params -> text(""))) {
            assertThat(definition(server, "z").description()).contains("its server lists no tool z");
        }
    }

    @Test
    void aServerThatIsAwayLeavesAToolThatSaysSo() throws Exception {
        ScriptedMcpServer server = ScriptedMcpServer.start(false);
        server.close();
        assertThat(definition(server, "a").description()).contains("Not described at the moment", "failed");
        assertThat(call(server, "a", "{}")).isInstanceOf(ToolOutput.Error.class);
    }

    @Test
    void knownDefinitionsOutliveTheServer() throws Exception {
        ScriptedMcpServer server = ScriptedMcpServer.start(false).with("a", params -> text(""));
        definition(server, "a");
        server.close();
        clock.addAndGet(Duration.ofSeconds(61).toNanos());
        assertThat(definition(server, "a").description()).isEqualTo("Does a.");
    }

    @Test
    void aToolThatHangsIsUnknownAfterItsTime() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (ScriptedMcpServer server = ScriptedMcpServer.start(false).with("hangs", params -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return text("");
        })) {
            assertThat(call(server, "hangs", "{}", Duration.ofMillis(500))).isInstanceOf(ToolOutput.Unknown.class);
        } finally {
            never.countDown();
        }
    }

    @Test
    void anAnswerThatIsTooLargeIsNotReadToItsEnd() throws Exception {
        try (ScriptedMcpServer server =
                ScriptedMcpServer.start(false).with("big", params -> text("x".repeat(10_000_000)))) {
            assertThat(call(server, "big", "{}"))
                    .isInstanceOfSatisfying(
                            ToolOutput.Unknown.class,
                            unknown -> assertThat(unknown.text().shown()).contains("larger than 4194304 bytes"));
        }
    }

    @Test
    void aServerThatIsNoMcpServerIsNamed() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(ScriptedServer.always("200 OK", "", "<html>"))) {
            assertThat(tools.call(
                            pool(1), tool(server.port(), server.url("/"), "a"), outside("{}", Duration.ofSeconds(5))))
                    .isEqualTo(
                            ToolOutput.error("Not sent: the MCP server answered HTTP 200 without a JSON-RPC result."));
        }
    }

    @Test
    void secretsThatAServerEchoesAreTakenOut() throws Exception {
        try (ScriptedMcpServer server =
                ScriptedMcpServer.start(true).with("leak", params -> text("token: s3cr3t-token"))) {
            var tool = OutsideToolsIT.tool("{'name': 'leak', 'mcp': {'url': '" + server.url() + "', 'allowedHosts':"
                    + " ['127.0.0.1'], 'headers': [{'name': 'Authorization', 'valueFrom': {'secretKeyRef': {'name': 'a', 'key':"
                    + " 'b'}}}]}}");
            assertThat(tools.call(pool(1), tool, outside("{}", Duration.ofSeconds(5))))
                    .isEqualTo(ToolOutput.ok("token: [redacted]"));
            assertThat(server.requests().getFirst().headers()).containsEntry("authorization", "Bearer s3cr3t-token");
        }
    }

    @Test
    void poolsDoNotShareASession() throws Exception {
        try (ScriptedMcpServer server = ScriptedMcpServer.start(false).with("echo", params -> text("ok"))) {
            var tool = tool(server.port(), server.url(), "echo");
            tools.call(pool(1), tool, outside("{}", Duration.ofSeconds(5)));
            tools.call(pool(2), tool, outside("{}", Duration.ofSeconds(5)));
            assertThat(server.methods()).filteredOn("initialize"::equals).hasSize(2);
        }
    }

    @Test
    void aPrivateServerThatThePoolDoesNotAllowIsRefused() throws Exception {
        try (ScriptedMcpServer server = ScriptedMcpServer.start(false)) {
            var tool = OutsideToolsIT.tool("{'name': 'a', 'mcp': {'url': '" + server.url() + "'}}");
            assertThat(tools.call(pool(1), tool, outside("{}", Duration.ofSeconds(5))))
                    .isInstanceOfSatisfying(
                            ToolOutput.Error.class,
                            error -> assertThat(error.text().shown()).contains("Not sent", "allowedHosts"));
            assertThat(server.requests()).isEmpty();
        }
    }

    private static long listings(ScriptedMcpServer server) {
        return server.methods().stream().filter("tools/list"::equals).count();
    }

    private ToolOutput call(ScriptedMcpServer server, String tool, String arguments) {
        return call(server, tool, arguments, Duration.ofSeconds(5));
    }

    private ToolOutput call(ScriptedMcpServer server, String tool, String arguments, Duration timeout) {
        return tools.call(pool(1), tool(server.port(), server.url(), tool), outside(arguments, timeout));
    }

    private ToolDefinition definition(ScriptedMcpServer server, String tool) {
        return tools.definitions(pool(1), List.of(tool(server.port(), server.url(), tool)))
                .getFirst();
    }

    private static dev.tagma.api.v1alpha1.AgentPoolSpec.Tool tool(int port, String url, String remote) {
        return OutsideToolsIT.tool("{'name': 'local', 'mcp': {'url': '" + url + "', 'tool': '" + remote
                + "', 'allowedHosts': ['127.0.0.1:" + port + "']}}");
    }

    private static OutsideCall outside(String arguments, Duration timeout) {
        return new OutsideCall(new UUID(0, 7), new ToolCall("c1", "local", arguments), "key", timeout);
    }

    private static PoolRevision pool(int uid) {
        return new PoolRevision(new UUID(0, uid), 1, "platform", "analysts", null, Map.of());
    }
}
