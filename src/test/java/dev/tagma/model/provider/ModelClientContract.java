package dev.tagma.model.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tagma.api.v1alpha1.AgentPoolSpec.PoolModel;
import dev.tagma.api.v1alpha1.ModelProviderSpec;
import dev.tagma.mission.step.Message;
import dev.tagma.mission.step.StepContent.ModelReply.Stop;
import dev.tagma.mission.step.ToolCall;
import dev.tagma.mission.step.ToolDefinition;
import dev.tagma.model.ModelClient;
import dev.tagma.model.ModelClient.ModelParameters;
import dev.tagma.model.ModelClient.ModelReply;
import dev.tagma.model.ModelClient.ModelRequest;
import dev.tagma.model.ModelException;
import dev.tagma.model.ModelException.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every model client over HTTP does, whatever its protocol. */
abstract class ModelClientContract {
    static final String KEY = "sk-very-secret-key";
    static final ModelParameters PARAMETERS = new ModelParameters(0.25, 77);
    static final JsonNode SCHEMA = Json.read("""
            {"type": "object",
             "properties": {"q": {"type": "string", "pattern": "^[a-z]+$", "minLength": 1},
                            "kind": {"oneOf": [{"const": 1}, {"$ref": "#/$defs/word"}]}, "any": true},
             "required": ["q"], "additionalProperties": false, "$defs": {"word": {"type": "string", "maxLength": 9}}}
            """).orElseThrow();
    static final List<ToolDefinition> TOOLS = List.of(new ToolDefinition("search", "Searches.", SCHEMA));

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration LONG = Duration.ofSeconds(20);

    final LoopbackProvider provider = new LoopbackProvider();
    private final ModelClients clients = new ModelClients(Thread::sleep, new Random(1), () -> NOW);

    abstract ModelProviderSpec.Type type();

    /** A reply that says {@code text}, with 11 and 3 tokens. */
    abstract String said(String text);

    /** A reply that calls search with {"q":"x"} under each of these ids; "null" stands for none. */
    abstract String calls(List<String> ids);

    /** A reply that says {@code text} and counts nothing. */
    abstract String uncounted(String text);

    /** A reply that ended for this reason in the protocol's words. */
    abstract String ended(String reason);

    @AfterEach
    void close() {
        clients.close();
        provider.close();
    }

    @Test
    void aReplyComesWithItsTokens() throws Exception {
        provider.answer(200, said("hello \u00e9\u4e2d"));

        assertThat(ask(LONG)).isEqualTo(new ModelReply("hello \u00e9\u4e2d", List.of(), 11, 3, Stop.Answer));
    }

    @Test
    void toolCallsComeWithTheirArguments() throws Exception {
        provider.answer(200, calls(List.of("a1", "b2")));

        ModelReply reply = ask(LONG);

        assertThat(reply.toolCalls()).extracting(ToolCall::id).containsExactly("a1", "b2");
        assertThat(reply.toolCalls())
                .allSatisfy(call -> assertThat(Json.read(call.arguments())).isEqualTo(Json.read("{\"q\":\"x\"}")))
                .extracting(ToolCall::tool)
                .containsOnly("search");
        assertThat(reply.stop()).isEqualTo(Stop.ToolCalls);
    }

    @Test
    void emptyTextsAreNotSent() throws Exception {
        provider.answer(200, said("ok"));

        ask(List.of(new Message.System(" "), new Message.User("")), LONG);

        assertThat(provider.asked().body().path("messages")).hasSize(1);
        assertThat(provider.asked().body().has("system")).isFalse();
        assertThat(provider.asked().body().path("messages").toString()).contains("(nothing)");
    }

    @Test
    void whatAnotherProviderWroteIsMadeFit() throws Exception {
        provider.answer(200, said("ok"));
        String foreign = "tool.call/" + "7".repeat(60);

        ask(
                List.of(
                        new Message.User("find"),
                        new Message.Assistant("", List.of(new ToolCall(foreign, "web.find it", null))),
                        new Message.ToolResult(foreign, "web.find it", "no such tool", true)),
                LONG);

        String messages = provider.asked().body().path("messages").toString();
        assertThat(messages)
                .contains("\"web_find_it\"")
                .doesNotContain("web.find")
                .doesNotContain(foreign);
        assertThat(messages.split(SafeNames.id(foreign)))
                .as("the call and its result")
                .hasSize(3);
    }

    @Test
    void missingAndRepeatedCallIdsAreReplaced() throws Exception {
        provider.answer(200, calls(List.of("null", "call_1", "x", "x")));

        assertThat(ask(LONG).toolCalls())
                .extracting(ToolCall::id)
                .hasSize(4)
                .doesNotHaveDuplicates()
                .startsWith("call_1")
                .contains("x");
    }

    @Test
    void uncountedTokensAreEstimated() throws Exception {
        provider.answer(200, uncounted("a long answer that somebody has paid for"));

        ModelReply reply = ask(LONG);

        assertThat(reply.inputTokens()).isPositive();
        assertThat(reply.outputTokens()).isBetween(10L, 40L);
    }

    @Test
    void aReplyOfOneMegabyteIsRead() throws Exception {
        provider.answer(200, said("x".repeat(1 << 20)));

        assertThat(ask(LONG).text()).hasSize(1 << 20);
    }

    @Test
    void aReplyBeyondAllBoundsIsRefused() {
        provider.answer(200, said("x".repeat((int) ProviderHttp.MAX_REPLY_BYTES)));

        assertThat(failure(LONG))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.InvalidReply))
                .hasMessageContaining("larger than 16777216 bytes");
    }

    @ParameterizedTest
    @CsvSource({
        "400, InvalidRequest",
        "401, AuthenticationFailed",
        "403, AuthenticationFailed",
        "404, InvalidRequest",
        "408, Timeout",
        "413, InvalidRequest",
        "422, InvalidRequest",
        "429, RateLimited",
        "500, Unreachable",
        "502, Unreachable",
        "503, Unreachable",
        "529, Unreachable"
    })
    void everyErrorStatusHasItsKind(int status, Kind kind) {
        provider.answer(status, "{\"error\": {\"type\": \"some_error\", \"message\": \"what the provider says\"}}");

        ModelException e = failure(LONG);

        assertThat(e.kind()).isEqualTo(kind);
        assertThat(e).hasMessage("HTTP " + status + ": what the provider says");
        assertThat(e.retryAfter()).isNull();
        assertThat(provider.count()).as("no retries of its own").isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\": \"what the provider says\"}",
                "{\"message\": \"what the provider says\"}",
                "what\nthe provider says"
            })
    void theProvidersMessageIsFoundInEveryForm(String body) {
        provider.answer(500, body);

        assertThat(failure(LONG)).hasMessage("HTTP 500: what the provider says");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "retry-after    | 7                             | 7000",
                "retry-after    | 0                             | 0",
                "retry-after    | Thu, 01 Jan 2026 00:01:30 GMT | 90000",
                "retry-after    | Wed, 31 Dec 2025 23:00:00 GMT | 0",
                "retry-after-ms | 250                           | 250"
            })
    void retryAfterIsRead(String header, String value, long millis) {
        provider.answer(429, "{}", header, value);

        assertThat(failure(LONG).retryAfter()).isEqualTo(Duration.ofMillis(millis));
    }

    @Test
    void anUnreadableRetryAfterIsNone() {
        provider.answer(429, "{}", "retry-after", "soon");

        assertThat(failure(LONG).retryAfter()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "<html>welcome</html>",
                "Internal error",
                "[]",
                "null",
                "{",
                "{}",
                "{\"choices\": 7, \"content\": 7}"
            })
    void aReplyThatCannotBeReadIsInvalid(String body) {
        provider.answer(200, body);

        assertThat(failure(LONG).kind()).isEqualTo(Kind.InvalidReply);
    }

    @Test
    void aSlowServerEndsAtTheTimeout() {
        provider.hang();
        long begin = System.nanoTime();

        ModelException e = failure(Duration.ofMillis(200));

        assertThat(e.kind()).isEqualTo(Kind.Timeout);
        assertThat(e).hasMessage("no reply within 200 ms");
        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .isBetween(Duration.ofMillis(200), Duration.ofSeconds(5));
    }

    @Test
    void aServerThatStallsInTheBodyEndsAtTheTimeout() {
        provider.hangInTheBody();

        assertThat(failure(Duration.ofMillis(200)).kind()).isEqualTo(Kind.Timeout);
    }

    @Test
    void aBrokenConnectionIsUnreachable() {
        provider.reset();

        assertThat(failure(LONG).kind()).isEqualTo(Kind.Unreachable);
    }

    @Test
    void aRefusedConnectionIsUnreachable() {
        provider.close();

        assertThat(failure(LONG))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.Unreachable))
                .hasMessageStartingWith("no connection to 127.0.0.1:" + provider.port());
    }

    @Test
    void anUnknownHostIsUnreachable() {
        assertThat(failure(client("http://no-such-host.invalid/v1"), LONG).kind())
                .isEqualTo(Kind.Unreachable);
    }

    @Test
    void aRedirectIsNotFollowed() {
        provider.answer(307, "{}", "Location", provider.url());

        assertThat(failure(LONG).kind()).isEqualTo(Kind.InvalidRequest);
        assertThat(provider.count()).isEqualTo(1);
    }

    @Test
    void theKeyIsInNoMessage() {
        provider.answer(401, "{\"error\": {\"message\": \"wrong key " + KEY + ".\"}}");
        assertThat(failure(LONG)).hasMessage("HTTP 401: wrong key ***.").hasNoCause();

        provider.answer(200, "<p>" + KEY);
        assertThat(failure(LONG)).hasMessageNotContaining(KEY).hasNoCause();
    }

    /** Wherever a long message is cut, no part of the key is left before the cut. */
    @ParameterizedTest
    @CsvSource({"401, '{\"error\": {\"message\": \"', 0", "401, '', 0", "200, '<p>', 3"})
    void noPartOfTheKeyIsInAMessageThatIsCut(int status, String before, int shown) {
        for (int cut = 1; cut < KEY.length(); cut++) {
            provider.answer(status, before + "x".repeat(300 - shown - cut) + KEY + "y".repeat(300) + "\"}}");
            assertThat(failure(LONG)).hasMessageContaining("xxx").hasMessageNotContaining("xs");
        }
    }

    @Test
    void aFilterThatEndsAReplyRefusesIt() throws Exception {
        provider.answer(200, ended(type() == ModelProviderSpec.Type.Anthropic ? "refusal" : "content_filter"));

        assertThat(ask(LONG).stop()).isEqualTo(Stop.Refused);
    }

    @Test
    void aReplyThatWasCutSaysSo() throws Exception {
        provider.answer(200, ended(type() == ModelProviderSpec.Type.Anthropic ? "max_tokens" : "length"));

        assertThat(ask(LONG).stop()).isEqualTo(Stop.Length);
    }

    @Test
    void anInterruptEndsTheCall() {
        provider.hang();
        AtomicReference<Throwable> end = new AtomicReference<>();
        Thread asking = Thread.ofVirtual().start(() -> end.set(catchThrowableOfType(Throwable.class, () -> ask(LONG))));
        Awaitility.await().until(() -> provider.count() == 1);

        asking.interrupt();

        Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> end.get() != null);
        assertThat(end.get()).isInstanceOf(InterruptedException.class);
    }

    ModelReply ask(Duration timeout) throws Exception {
        return ask(List.of(new Message.User("hi")), timeout);
    }

    ModelReply ask(List<Message> messages, Duration timeout) throws Exception {
        return client(provider.url()).chat(new ModelRequest(messages, TOOLS, PARAMETERS, timeout, "uid/1"));
    }

    private ModelException failure(Duration timeout) {
        return failure(client(provider.url()), timeout);
    }

    private ModelException failure(ModelClient client, Duration timeout) {
        ModelRequest request = new ModelRequest(List.of(new Message.User("hi")), TOOLS, PARAMETERS, timeout, "uid/1");
        ModelException e = catchThrowableOfType(ModelException.class, () -> client.chat(request));
        assertThat(e).isNotNull();
        return e;
    }

    private ModelClient client(String endpoint) {
        ModelProviderSpec spec = new ModelProviderSpec(type(), endpoint, null, null, null, null, null, null);
        return clients.link(
                        new ProviderSource("default/under-test", spec, KEY + "\n", null),
                        new PoolModel("primary", null, "model-1", null))
                .client();
    }
}
