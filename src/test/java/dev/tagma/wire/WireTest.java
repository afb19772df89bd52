package dev.tagma.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import dev.tagma.agent.Specs;
import dev.tagma.mission.Claim;
import dev.tagma.mission.CommitResult;
import dev.tagma.mission.Digest;
import dev.tagma.mission.Head;
import dev.tagma.mission.MissionStore.Release;
import dev.tagma.mission.NewStep;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.PoolRevision;
import dev.tagma.mission.Reason;
import dev.tagma.mission.SpecCodec;
import dev.tagma.mission.Step;
import dev.tagma.mission.StepLog.Tail;
import dev.tagma.mission.Usage;
import dev.tagma.mission.link.GatewaySession.ModelAnswer;
import dev.tagma.mission.link.GatewaySession.ModelAsk;
import dev.tagma.mission.link.GatewaySession.ToolAnswer;
import dev.tagma.mission.link.Heartbeat;
import dev.tagma.mission.link.Load;
import dev.tagma.mission.link.Start;
import dev.tagma.mission.step.Message;
import dev.tagma.mission.step.StepContent;
import dev.tagma.mission.step.StepContent.ModelReply;
import dev.tagma.mission.step.StepContent.Observation;
import dev.tagma.mission.step.ToolCall;
import dev.tagma.mission.step.ToolDefinition;
import dev.tagma.wire.v1alpha1.CallModelRequest;
import dev.tagma.wire.v1alpha1.CallModelResponse;
import dev.tagma.wire.v1alpha1.CallToolResponse;
import dev.tagma.wire.v1alpha1.CommitResponse;
import dev.tagma.wire.v1alpha1.Fragment;
import dev.tagma.wire.v1alpha1.HeartbeatRequest;
import dev.tagma.wire.v1alpha1.Order;
import dev.tagma.wire.v1alpha1.ReleaseRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WireTest {
    private static final UUID UID = UUID.fromString("0b8f6f0e-0000-4000-8000-000000000001");
    private static final Claim CLAIM = new Claim(7, UID, (3L << 40) + 5);
    private static final Head HEAD = Head.genesis(UID);
    private static final PoolRevision POOL = new PoolRevision(
            UUID.randomUUID(), 4, "platform", "analysts", Specs.pool(), Map.of("factors/csv", "a,b\n1,2\n"));
    private static final UnknownFieldSet LATER = UnknownFieldSet.newBuilder()
            .addField(
                    900,
                    UnknownFieldSet.Field.newBuilder()
                            .addLengthDelimited(ByteString.copyFromUtf8("of a later version"))
                            .build())
            .build();

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String anyText(Random random) {
        return random.ints(random.nextInt(40), 0, 0x2FFFF)
                .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static ModelReply anyReply(Random random) {
        return new ModelReply(
                anyText(random),
                List.of(new ToolCall(anyText(random), anyText(random), anyText(random))),
                "primary",
                random.nextInt(1000),
                random.nextInt(1000),
                random.nextLong(1L << 60),
                ModelReply.Stop.ToolCalls,
                List.of());
    }

    private static Step anyStep(Random random, boolean expired) {
        NewStep step = NewStep.of(anyReply(random), new Usage(1, 2, 3, 4, 5, random.nextLong(1L << 60)));
        Head head = HEAD.then(CLAIM.epoch(), step.kind(), step.contentDigest());
        return new Step(
                head.seq(),
                CLAIM.epoch(),
                step.kind(),
                expired ? null : step.content(),
                step.contentDigest(),
                head.digest(),
                step.usage(),
                Instant.parse("2026-11-21T10:11:12.123456Z"));
    }

    private static void same(Step decoded, Step step) {
        assertThat(decoded).usingRecursiveComparison().isEqualTo(step);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void aStartArrivesAsItWasSent(long seed) {
        Random random = new Random(seed);
        Step step = anyStep(random, false);
        Step plan = anyStep(random, random.nextBoolean());
        Start start = new Start(
                CLAIM,
                "carbon/scope3",
                SpecCodec.mission(
                        bytes(
                                "{\"goal\": \"Do it.\", \"inputs\": {\"price\": 1.10, \"deep\": [null, {\"a\": 1e400}]}, \"timeout\": \"5m\"}")),
                POOL,
                step.head(),
                new Tail(List.of(step), plan, step.usage()),
                Duration.ofMillis(random.nextInt()),
                2);
        Start decoded = StartWire.decode(StartWire.encode(start), StartWire.decode(StartWire.encode(POOL)));
        assertThat(decoded.pool()).isEqualTo(POOL);
        assertThat(decoded.spec()).isEqualTo(start.spec());
        same(decoded.tail().steps().getFirst(), step);
        same(decoded.tail().plan(), plan);
        assertThat(decoded)
                .usingRecursiveComparison()
                .ignoringFields("tail", "spec", "pool")
                .isEqualTo(start);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void aQuestionArrivesAsItWasSent(long seed) {
        Random random = new Random(seed);
        ToolCall call = new ToolCall(anyText(random), anyText(random), anyText(random));
        ModelAsk ask = new ModelAsk(
                List.of(
                        new Message.System(anyText(random)),
                        new Message.User(anyText(random)),
                        new Message.Assistant(anyText(random), List.of(call, call)),
                        new Message.ToolResult(anyText(random), "tool", anyText(random), random.nextBoolean())),
                List.of(new ToolDefinition(
                        "tool", anyText(random), SpecCodec.json(bytes("{\"type\": \"object\", \"maximum\": 1.50}")))),
                random.nextBoolean());
        assertThat(AskWire.decode(
                        AskWire.encode(ask, CallModelRequest.newBuilder()).build()))
                .isEqualTo(ask);
    }

    static List<ModelAnswer> modelAnswers() {
        ModelReply reply = anyReply(new Random(1));
        return List.of(
                new ModelAnswer.Replied(reply, HEAD),
                new ModelAnswer.Finished(reply, Outcome.succeeded("all done", Specs.json("{\"total\": 10}"))),
                new ModelAnswer.Finished(reply, Outcome.succeeded("", null)),
                new ModelAnswer.Unfit(reply, HEAD, "give a number"),
                new ModelAnswer.OverBudget("none left"),
                new ModelAnswer.Unavailable("away", 1234),
                new ModelAnswer.Failed(Reason.ContentRefused, "no"),
                new ModelAnswer.Lost());
    }

    @ParameterizedTest
    @MethodSource("modelAnswers")
    void aModelAnswerArrivesAsItWasSent(ModelAnswer answer) {
        assertThat(AnswerWire.decode(AnswerWire.encode(answer))).isEqualTo(answer);
    }

    static List<ToolAnswer> toolAnswers() {
        return List.of(
                new ToolAnswer.Observed(new Observation(3, "c", "pay", "\0ok", Observation.Result.Unknown, 9), HEAD),
                new ToolAnswer.AwaitPerson("who knows"),
                new ToolAnswer.Lost());
    }

    @ParameterizedTest
    @MethodSource("toolAnswers")
    void aToolAnswerArrivesAsItWasSent(ToolAnswer answer) {
        assertThat(AnswerWire.decode(AnswerWire.encode(answer))).isEqualTo(answer);
    }

    static List<CommitResult> commitResults() {
        return List.of(
                new CommitResult.Committed(HEAD),
                new CommitResult.Fenced(0),
                new CommitResult.Fenced(5L << 40),
                new CommitResult.Behind(HEAD),
                new CommitResult.Fork(HEAD));
    }

    @ParameterizedTest
    @MethodSource("commitResults")
    void aCommitsResultArrivesAsItWasSent(CommitResult result) {
        assertThat(AnswerWire.decode(AnswerWire.encode(result))).isEqualTo(result);
    }

    static List<Release> releases() {
        return List.of(
                new Release.HandBack(),
                new Release.Retry(Reason.ModelFailed, "again", Duration.ofSeconds(2)),
                new Release.Park(Reason.OutcomeUnknown, "ask somebody", null),
                new Release.Park(Reason.ProviderUnavailable, "", Duration.ZERO));
    }

    @ParameterizedTest
    @MethodSource("releases")
    void aReleaseArrivesAsItWasSent(Release release) {
        assertThat(EndWire.decode(
                        EndWire.encode(release, ReleaseRequest.newBuilder()).build()))
                .isEqualTo(release);
    }

    @Test
    void oldRuntimeNewFormat() throws InvalidProtocolBufferException {
        StepContent content = new Observation(3, "c", "pay", "ok", Observation.Result.Ok, 0);
        var later = StepWire.encode(content).toBuilder()
                .setBytes(
                        ByteString.copyFromUtf8(
                                "{\"reply\":3,\"callId\":\"c\",\"tool\":\"pay\",\"output\":\"ok\",\"result\":\"Ok\",\"truncatedFrom\":0,\"later\":1}"))
                .setUnknownFields(LATER)
                .build();
        assertThat(StepWire.decode(later)).isEqualTo(content);

        var start = StartWire.encode(
                        new Start(CLAIM, "n/m", Specs.mission(""), POOL, HEAD, Tail.EMPTY, Duration.ofMinutes(1), 0))
                .toBuilder()
                .setSpec(ByteString.copyFromUtf8("{\"goal\": \"Do it.\", \"later\": {\"more\": true}}"))
                .setUnknownFields(LATER)
                .build();
        assertThat(StartWire.decode(start, POOL).spec()).isEqualTo(Specs.mission(""));

        Order unknown = Order.parseFrom(
                Order.newBuilder().setUnknownFields(LATER).build().toByteArray());
        assertThat(unknown.getOrderCase()).isEqualTo(Order.OrderCase.ORDER_NOT_SET);
    }

    @Test
    void whatMustNotBeReadOverIsRefusedByName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StepWire.decode(dev.tagma.wire.v1alpha1.StepContent.newBuilder()
                        .setKind(77)
                        .build()))
                .withMessageContaining("77");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AnswerWire.decode(CallModelResponse.getDefaultInstance()))
                .withMessageContaining("model call");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AnswerWire.decode(CallToolResponse.getDefaultInstance()))
                .withMessageContaining("tool call");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AnswerWire.decode(CommitResponse.getDefaultInstance()))
                .withMessageContaining("commit");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EndWire.decode(ReleaseRequest.getDefaultInstance()))
                .withMessageContaining("handBack");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StepWire.decode(
                        dev.tagma.wire.v1alpha1.Claim.newBuilder().setUid("me").build()))
                .withMessageContaining("claim.uid");
    }

    @Test
    void aHeartbeatArrivesAsItWasSent() {
        Heartbeat beat = new Heartbeat(Set.of(CLAIM), true, new Load(317, 1L << 33, 1L << 34));
        assertThat(BeatWire.decode(BeatWire.encode(7, beat))).isEqualTo(beat);
        assertThat(BeatWire.decode(HeartbeatRequest.getDefaultInstance()))
                .as("of an older runtime, or one that says nonsense of itself")
                .isEqualTo(new Heartbeat(Set.of(), false, new Load(-1, -1, -1)))
                .extracting(Heartbeat::load)
                .isEqualTo(Load.UNKNOWN);
    }

    @Test
    void aLargeOrderTravelsInPieces() {
        String big = "x".repeat(3 * OrderPieces.PIECE + 17);
        Order order = Order.newBuilder()
                .setStart(StartWire.encode(
                        new Start(CLAIM, big, Specs.mission(""), POOL, HEAD, Tail.EMPTY, Duration.ofMinutes(1), 0)))
                .build();
        List<Order> pieces = OrderPieces.cut(order);
        assertThat(pieces)
                .hasSize(4)
                .allSatisfy(piece -> assertThat(piece.getSerializedSize()).isLessThan(OrderPieces.PIECE + 64));
        OrderPieces whole = new OrderPieces();
        List<Order> complete = new ArrayList<>();
        for (int twice = 0; twice < 2; twice++) {
            pieces.forEach(piece -> whole.add(piece).ifPresent(complete::add));
        }
        assertThat(complete).containsExactly(order, order);
        assertThat(OrderPieces.cut(Order.getDefaultInstance())).containsExactly(Order.getDefaultInstance());
    }

    @Test
    void piecesWithoutAnEndAreBounded() {
        Order piece = Order.newBuilder()
                .setFragment(Fragment.newBuilder().setBytes(ByteString.copyFrom(new byte[1 << 20])))
                .build();
        OrderPieces whole = new OrderPieces();
        for (int size = 0; size < OrderPieces.MAX_ORDER; size += 1 << 20) {
            assertThat(whole.add(piece)).isEmpty();
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> whole.add(piece))
                .withMessageContaining("at most " + OrderPieces.MAX_ORDER);
    }

    @Test
    void versionsAreNegotiated() {
        assertThat(Protocol.common(List.of(9, 1))).hasValue(1);
        assertThat(Protocol.common(List.of(9))).isEmpty();
    }

    @Test
    void troubleIsKnownAgain() {
        for (Trouble trouble : Trouble.values()) {
            assertThat(Trouble.of(trouble.because("so it is"))).contains(trouble);
        }
        assertThat(Trouble.of(io.grpc.Status.UNAVAILABLE.asRuntimeException())).isEqualTo(Optional.empty());
    }

    @Test
    void aDigestOfAnotherLengthIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StepWire.decode(dev.tagma.wire.v1alpha1.Head.getDefaultInstance()))
                .withMessageContaining(Integer.toString(Digest.LENGTH));
    }
}
