package dev.tagma.gateway.egress;

import static dev.tagma.gateway.egress.ScriptedServer.always;
import static dev.tagma.gateway.egress.ScriptedServer.write;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tagma.agent.tool.ToolChecks.Problem;
import dev.tagma.agent.tool.ToolOutput;
import dev.tagma.agent.tool.Truncation;
import dev.tagma.api.v1alpha1.AgentPoolSpec.Tool;
import dev.tagma.gateway.egress.EgressAudit.AuditedRequest;
import dev.tagma.mission.PoolRevision;
import dev.tagma.mission.step.ToolCall;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class OutsideToolsIT {
    private static final String KEY = "0000/abcd/c1";
    private static final UUID MISSION = new UUID(0, 7);
    private static final PoolRevision POOL =
            new PoolRevision(new UUID(0, 1), 1, "platform", "analysts", null, Map.of());

    private final List<String> secretsRead = new CopyOnWriteArrayList<>();
    private final List<AuditedRequest> audited = new CopyOnWriteArrayList<>();
    private final HttpEgress egress = new HttpEgress(Resolver.SYSTEM, audited::add, System::nanoTime);
    private final OutsideTools tools = new OutsideTools(egress, new McpEgress(egress, System::nanoTime), this::secret);

    private Optional<String> secret(String namespace, String name, String key) {
        secretsRead.add(namespace + "/" + name + "/" + key);
        return name.equals("api") ? Optional.of("Bearer s3cr3t-token") : Optional.empty();
    }

    @Test
    void aGetPutsArgumentsIntoPathAndQuery() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(always("200 OK", "", "{\"ok\":true}"))) {
            ToolOutput output = call(
                    server,
                    "{'name': 't', 'http': {'url': 'URL/items/{id}?v=1'}}",
                    "{\"id\": \"a/b\", \"q\": \"x y&z\", \"tag\": [\"p\", \"q\"], \"none\": null}");
            assertThat(output).isEqualTo(ToolOutput.ok("{\"ok\":true}"));
            assertThat(server.requests().getFirst().line())
                    .isEqualTo("GET /items/a%2Fb?v=1&q=x%20y%26z&tag=p&tag=q HTTP/1.1");
            assertThat(server.requests().getFirst().headers()).doesNotContainKey("idempotency-key");
        }
    }

    @Test
    void aPostPutsTheOtherArgumentsIntoAJsonBodyWithItsKey() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(always("201 Created", "", ""))) {
            ToolOutput output = call(
                    server,
                    "{'name': 't', 'http': {'url': 'URL/items/{id}', 'method': 'POST'}}",
                    "{\"id\": 7, \"amount\": 1.50, \"note\": \"ü\"}");
            assertThat(output).isEqualTo(ToolOutput.ok("HTTP 201, no content"));
            ScriptedServer.Request request = server.requests().getFirst();
            assertThat(request.line()).isEqualTo("POST /items/7 HTTP/1.1");
            assertThat(request.body()).isEqualTo("{\"amount\":1.50,\"note\":\"ü\"}");
            assertThat(request.headers())
                    .containsEntry("idempotency-key", KEY)
                    .containsEntry("content-type", "application/json");
        }
    }

    @Test
    void aDeleteHasAKeyAndNoBody() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(always("204 No Content", "", ""))) {
            call(
                    server,
                    "{'name': 't', 'http': {'url': 'URL/{id}', 'method': 'DELETE'}}",
                    "{\"id\": 7, \"force\": true}");
            assertThat(server.requests().getFirst().line()).isEqualTo("DELETE /7?force=true HTTP/1.1");
            assertThat(server.requests().getFirst().headers()).containsEntry("idempotency-key", KEY);
        }
    }

    @Test
    void secretsGoOutInHeadersAndNeverComeBack() throws Exception {
        try (ScriptedServer server = ScriptedServer.start((request, out) -> write(
                out,
                "500 Oops",
                "",
                "you sent " + request.headers().get("authorization") + ", so the token is s3cr3t-token"))) {
            ToolOutput output = call(server, withSecret("api"), "{}");
            assertThat(server.requests().getFirst().headers()).containsEntry("authorization", "Bearer s3cr3t-token");
            assertThat(output).isEqualTo(ToolOutput.error("HTTP 500\nyou sent [redacted], so the token is [redacted]"));
        }
    }

    @Test
    void foreignSecretRefused() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(always("200 OK", "", ""))) {
            assertThat(call(server, withSecret("other/api"), "{}"))
                    .isInstanceOfSatisfying(
                            ToolOutput.Error.class,
                            error -> assertThat(error.text().shown())
                                    .contains("there is no key token in a secret platform/other/api"));
            call(server, withSecret("api"), "{}");
            assertThat(secretsRead).allMatch(read -> read.startsWith("platform/"));
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void aRefusalOfTheServerIsAnErrorWithItsBody() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(always("404 Not Found", "", "no such item"))) {
            assertThat(call(server, "{'name': 't', 'http': {'url': 'URL/'}}", "{}"))
                    .isEqualTo(ToolOutput.error("HTTP 404\nno such item"));
        }
    }

    @Test
    void argumentsThatDoNotFitNeverLeave() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(always("200 OK", "", ""))) {
            String tool = "{'name': 't', 'http': {'url': 'URL/{id}'}}";
            assertThat(call(server, tool, "{}")).isInstanceOf(ToolOutput.Error.class);
            assertThat(call(server, tool, "{\"id\": \"..\"}")).isInstanceOf(ToolOutput.Error.class);
            assertThat(call(server, tool, "no json")).isInstanceOf(ToolOutput.Error.class);
            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void aPrivateHostThatThePoolDoesNotAllowIsRefused() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(always("200 OK", "", "inside"))) {
            Tool tool = tool("{'name': 't', 'http': {'url': '" + server.url("/") + "'}}");
            assertThat(tools.call(POOL, tool, outside("{}")))
                    .isInstanceOfSatisfying(
                            ToolOutput.Error.class,
                            error ->
                                    assertThat(error.text().shown()).contains("Not sent", "127.0.0.1", "allowedHosts"));
            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void tenMegabytesAreCut() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(always("200 OK", "", "x".repeat(10_000_000)))) {
            assertThat(call(server, "{'name': 't', 'http': {'url': 'URL/'}}", "{}"))
                    .isInstanceOfSatisfying(ToolOutput.Ok.class, ok -> {
                        assertThat(ok.text().truncatedFrom()).isEqualTo(10_000_000);
                        assertThat(ok.text().shown())
                                .hasSizeLessThan(Truncation.LIMIT + 100)
                                .endsWith("[cut here: 9989760 of 10000000 bytes are missing]");
                    });
        }
    }

    @Test
    void invalidUtf8IsReplaced() throws Exception {
        try (ScriptedServer server = ScriptedServer.start((request, out) -> {
            out.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.write(new byte[] {'a', (byte) 0xFF, 0, 'b'});
        })) {
            assertThat(call(server, "{'name': 't', 'http': {'url': 'URL/'}}", "{}"))
                    .isEqualTo(ToolOutput.ok("a\uFFFD\u0000b"));
        }
    }

    @Test
    void aCallThatIsLostIsUnknownWhereItMayHaveHadAnEffect() throws Exception {
        ScriptedServer.Script dies = (request, out) -> out.write("HTTP/1.1 200".getBytes(StandardCharsets.US_ASCII));
        try (ScriptedServer server = ScriptedServer.start(dies)) {
            assertThat(call(server, "{'name': 't', 'http': {'url': 'URL/', 'method': 'POST'}}", "{}"))
                    .isInstanceOfSatisfying(
                            ToolOutput.Unknown.class,
                            unknown -> assertThat(unknown.text().shown()).contains("may or may not have taken effect"));
            assertThat(call(server, "{'name': 't', 'http': {'url': 'URL/'}}", "{}"))
                    .isInstanceOf(ToolOutput.Error.class);
            assertThat(server.requests()).hasSize(2);
        }
    }

    @Test
    void definitionsComeFromThePoolAndFromTheUrl() {
        var definitions = tools.definitions(
                POOL,
                List.of(
                        tool("{'name': 'a', 'http': {'url': 'https://x.test/{id}'}}"),
                        tool(
                                "{'name': 'b', 'description': 'B.', 'parameters': {'type': 'object', 'properties': {'q': {}}},"
                                        + " 'http': {'url': 'https://x.test/'}}")));
        assertThat(definitions.get(0).description()).isEqualTo("Sends an HTTP GET request to https://x.test/{id}");
        assertThat(definitions.get(0).parameters().at("/required/0").asText()).isEqualTo("id");
        assertThat(definitions.get(1).description()).isEqualTo("B.");
        assertThat(definitions.get(1).parameters().at("/properties").has("q")).isTrue();
    }

    @Test
    void whatCannotWorkIsFoundBeforeAnyCall() {
        assertThat(
                        OutsideTools.check(
                                List.of(
                                        tool("{'name': 'ok', 'http': {'url': 'https://x.test/{id}'}}"),
                                        tool("{'name': 'a', 'http': {'url': 'https://{host}/'}}"),
                                        tool(
                                                "{'name': 'b', 'http': {'url': 'https://x.test/', 'allowedHosts': ['*']}}"),
                                        tool("{'name': 'c', 'mcp': {'url': 'https://x.test/{id}'}}"),
                                        tool(
                                                "{'name': 'd', 'mcp': {'url': 'https://x.test/', 'headers': [{'name': 'Host', 'value': 'y'}]}}"))))
                .extracting(Problem::field)
                .containsExactly("spec.tools[1].http", "spec.tools[2].http", "spec.tools[3].mcp", "spec.tools[4].mcp");
    }

    @Test
    void everyRequestIsAudited() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(always("500 Broken", "", "no"))) {
            call(server, withSecret("api"), "{}");
            tools.call(
                    POOL, tool("{'name': 'inside', 'http': {'url': 'http://127.0.0.1:9/secret/path'}}"), outside("{}"));

            assertThat(audited).hasSize(2);
            AuditedRequest sent = audited.getFirst();
            assertThat(sent.cause()).isEqualTo(new EgressAudit.Cause("platform/analysts", "t", MISSION, "c1"));
            assertThat(sent.status()).isEqualTo(500);
            assertThat(sent.address()).isEqualTo("127.0.0.1");
            AuditedRequest kept = audited.getLast();
            assertThat(kept.address()).isNull();
            assertThat(kept.trouble()).startsWith("not sent: ").contains("127.0.0.1");
            assertThat(AuditLog.line(sent) + AuditLog.line(kept))
                    .contains("\"mission\":\"" + MISSION + "\"", "\"tool\":\"inside\"", "\"status\":500")
                    .doesNotContain("s3cr3t", "secret/path");
        }
    }

    /** What came may be what was sent. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "%s\r\n\r\n",
                "HTTP/1.1 %s\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%s\r\n"
            })
    void anAnswerThatIsNoHttpIsNotShownToTheAudit(String answer) throws Exception {
        try (ScriptedServer server = ScriptedServer.start((request, out) -> {
            out.write(answer.formatted(request.headers().get("authorization")).getBytes(StandardCharsets.US_ASCII));
            out.flush();
        })) {
            ToolOutput output = call(server, withSecret("api"), "{}");
            assertThat(output.toString()).contains("127.0.0.1").doesNotContain("s3cr3t");
            assertThat(AuditLog.line(audited.getLast())).contains("127.0.0.1").doesNotContain("s3cr3t");
        }
    }

    private static String withSecret(String name) {
        return "{'name': 't', 'http': {'url': 'URL/', 'headers': [{'name': 'Authorization', 'valueFrom': {'secretKeyRef':"
                + " {'name': '" + name + "', 'key': 'token'}}}]}}";
    }

    private ToolOutput call(ScriptedServer server, String tool, String arguments) {
        String allowed = "'allowedHosts': ['127.0.0.1:" + server.port() + "'], 'url': '" + server.url("");
        return tools.call(POOL, tool(tool.replace("'url': 'URL", allowed)), outside(arguments));
    }

    private static OutsideCall outside(String arguments) {
        return new OutsideCall(MISSION, new ToolCall("c1", "t", arguments), KEY, Duration.ofSeconds(5));
    }

    static Tool tool(String json) {
        try {
            return new ObjectMapper().readValue(json.replace('\'', '"'), Tool.class);
        } catch (java.io.IOException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
