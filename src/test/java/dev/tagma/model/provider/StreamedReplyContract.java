package dev.tagma.model.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tagma.api.v1alpha1.AgentPoolSpec.PoolModel;
import dev.tagma.api.v1alpha1.ModelProviderSpec;
import dev.tagma.mission.step.Message;
import dev.tagma.mission.step.StepContent.ModelReply.Stop;
import dev.tagma.mission.step.ToolCall;
import dev.tagma.model.ModelClient.ModelReply;
import dev.tagma.model.ModelClient.ModelRequest;
import dev.tagma.model.ModelException;
import dev.tagma.model.ModelException.Kind;
import dev.tagma.model.ReplyListener;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every model client over HTTP does with a reply that somebody watches. */
abstract class StreamedReplyContract {
    private static final Duration LONG = Duration.ofSeconds(20);

    final LoopbackProvider provider = new LoopbackProvider();
    private final ModelClients clients =
            new ModelClients(Thread::sleep, new Random(1), () -> Instant.parse("2026-01-01T00:00:00Z"));
    private final List<String> heard = new CopyOnWriteArrayList<>();

    abstract ModelProviderSpec.Type type();

    /** The events that begin a reply with {@code text}. */
    abstract String begins(String text);

    /** The events that go on with {@code text} and end the reply, with 11 and 3 tokens. */
    abstract String ends(String text);

    /** All events of a reply that calls search with {"q":"x"} as a1, its arguments in two pieces. */
    abstract String calls();

    @AfterEach
    void close() {
        clients.close();
        provider.close();
    }

    @Test
    void piecesAreHeardWhileTheModelWrites() throws Exception {
        provider.stream(begins("Hello "), () -> Awaitility.await().until(() -> heard.equals(List.of("Hello "))));
        provider.thenStream(ends("world"));

        assertThat(ask(LONG)).isEqualTo(new ModelReply("Hello world", List.of(), 11, 3, Stop.Answer));

        assertThat(heard).containsExactly("Hello ", "world");
        assertThat(provider.asked().body().path("stream").asBoolean()).isTrue();
    }

    @Test
    void toolCallsAreWholeAtTheEnd() throws Exception {
        provider.stream(calls(), () -> {});

        ModelReply reply = ask(LONG);

        assertThat(reply.toolCalls()).extracting(ToolCall::id).containsExactly("a1");
        assertThat(Json.read(reply.toolCalls().getFirst().arguments())).isEqualTo(Json.read("{\"q\":\"x\"}"));
        assertThat(reply.stop()).isEqualTo(Stop.ToolCalls);
        assertThat(reply.inputTokens()).isEqualTo(11);
    }

    @Test
    void aStreamThatEndsTooEarlyIsNoReply() {
        provider.stream(begins("Hello "), () -> {});

        assertThat(failure(LONG).kind()).isIn(Kind.InvalidReply, Kind.Unreachable);
    }

    @Test
    void aStreamThatStandsStillTimesOut() {
        provider.stream(begins("Hello "), () -> provider.untilClosed());

        assertThat(failure(Duration.ofMillis(400)).kind()).isEqualTo(Kind.Timeout);
    }

    @Test
    void anInterruptEndsTheStream() {
        provider.stream(begins("Hello "), () -> provider.untilClosed());
        AtomicReference<Throwable> end = new AtomicReference<>();
        Thread asking = Thread.ofVirtual().start(() -> end.set(catchThrowableOfType(Throwable.class, () -> ask(LONG))));
        Awaitility.await().until(() -> heard.size() == 1);

        asking.interrupt();

        Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> end.get() != null);
        assertThat(end.get()).isInstanceOf(InterruptedException.class);
    }

    @Test
    void aRefusalToStreamIsReadAsEver() {
        provider.answer(429, "{\"error\": {\"message\": \"slow down\"}}", "Retry-After", "7");

        ModelException e = failure(LONG);

        assertThat(e.kind()).isEqualTo(Kind.RateLimited);
        assertThat(e.retryAfter()).isEqualTo(Duration.ofSeconds(7));
        assertThat(heard).isEmpty();
    }

    private ModelException failure(Duration timeout) {
        ModelException e = catchThrowableOfType(ModelException.class, () -> ask(timeout));
        assertThat(e).isNotNull();
        return e;
    }

    private ModelReply ask(Duration timeout) throws Exception {
        ModelProviderSpec spec = new ModelProviderSpec(type(), provider.url(), null, null, null, null, null, null);
        ReplyListener listener = new ReplyListener() {
            @Override
            public void wrote(String piece) {
                heard.add(piece);
            }

            @Override
            public void restarted() {
                heard.clear();
            }
        };
        return clients.link(
                        new ProviderSource("default/under-test", spec, "sk-key", null),
                        new PoolModel("primary", null, "model-1", null))
                .client()
                .chat(new ModelRequest(
                        List.of(new Message.User("hi")),
                        ModelClientContract.TOOLS,
                        ModelClientContract.PARAMETERS,
                        timeout,
                        "uid/1",
                        listener));
    }
}
