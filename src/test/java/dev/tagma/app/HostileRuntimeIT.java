package dev.tagma.app;

import static dev.tagma.app.ProtocolRig.runtime;
import static dev.tagma.app.ProtocolRig.starts;
import static dev.tagma.app.ProtocolRig.trouble;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.app.GrpcFleet.Replica;
import dev.tagma.app.ScriptedRuntime.Orders;
import dev.tagma.mission.StepKind;
import dev.tagma.mission.link.GatewaySession.ModelAsk;
import dev.tagma.mission.step.Message;
import dev.tagma.mission.step.StepContent;
import dev.tagma.mission.step.StepContent.Feedback;
import dev.tagma.mission.step.StepContent.Observation;
import dev.tagma.mission.step.ToolCall;
import dev.tagma.store.TestPostgres;
import dev.tagma.wire.AskWire;
import dev.tagma.wire.StepWire;
import dev.tagma.wire.Trouble;
import dev.tagma.wire.v1alpha1.CallModelRequest;
import dev.tagma.wire.v1alpha1.CallModelResponse;
import dev.tagma.wire.v1alpha1.CallToolRequest;
import dev.tagma.wire.v1alpha1.CallToolResponse;
import dev.tagma.wire.v1alpha1.Claim;
import dev.tagma.wire.v1alpha1.CommitRequest;
import dev.tagma.wire.v1alpha1.Head;
import dev.tagma.wire.v1alpha1.Start;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A runtime that somebody took over: it may do what replies ask for, within the mission's limits, and nothing else. */
class HostileRuntimeIT {
    @TempDir
    private Path directory;

    @Test
    void aToolIsCalledAsTheReplyAskedAndNotOtherwise() throws Exception {
        try (Witness witness = new Witness(directory.resolve("calls"), Duration.ZERO);
                Captured captured = new Captured(Manifests.payments(witness, 1), "{goal: Pay.}")) {
            CallToolRequest early = captured.tool(0, "call_1");
            assertThat(trouble(() -> captured.runtime.calls().callTool(early))).isEqualTo(Trouble.INVALID);

            captured.ask(false);
            long reply = captured.head.getSeq();
            assertThat(trouble(() -> captured.runtime.calls().callTool(captured.tool(reply, "another"))))
                    .as("no reply asked for that")
                    .isEqualTo(Trouble.INVALID);
            assertThat(trouble(() -> captured.commit(
                            new Observation(reply, captured.call(), "calculator", "paid", Observation.Result.Ok, 0))))
                    .as("what a gateway performs is not a runtime's to tell")
                    .isEqualTo(Trouble.INVALID);
            assertThat(witness.calls()).isEmpty();
            assertThat(captured.count(StepKind.ToolStarted) + captured.count(StepKind.Observation))
                    .isZero();

            CallToolResponse paid = captured.runtime.calls().callTool(captured.tool(reply, captured.call()));
            assertThat(paid.hasObserved()).isTrue();
            assertThat(witness.calls())
                    .singleElement()
                    .satisfies(call -> assertThat(call.body()).isEqualTo("{\"turn\":0}"));
        }
    }

    @Test
    void beyondTheBudgetOneQuestionIsAsked() throws Exception {
        try (Captured captured = new Captured(
                Manifests.pool("- reply: {toolCalls: [{tool: none, arguments: {}}]}", ""),
                "{goal: Spend., maxIterations: 1000, budget: {tokens: 1}}")) {
            assertThat(captured.ask(true).hasOverBudget())
                    .as("the model was not told")
                    .isTrue();
            captured.commit(new Feedback(Feedback.Topic.WrapUp, "give an answer"));
            assertThat(captured.ask(true).hasReplied()).isTrue();
            captured.commit(new Feedback(Feedback.Topic.WrapUp, "give an answer"));
            assertThat(captured.ask(true).hasOverBudget()).as("that was it").isTrue();
            assertThat(captured.count(StepKind.ModelReply)).isEqualTo(1);
        }
    }

    @Test
    void whereABudgetStopsNoQuestionIsAskedBeyondIt() throws Exception {
        try (Captured captured = new Captured(
                Manifests.pool("- reply: {text: \"done\"}", ""),
                "{goal: Spend., budget: {tokens: 1, onExceeded: Stop}}")) {
            captured.commit(new Feedback(Feedback.Topic.WrapUp, "give an answer"));
            assertThat(captured.ask(true).hasOverBudget()).isTrue();
        }
    }

    @Test
    void aMissionHasItsRepliesAndNoMore() throws Exception {
        try (Captured captured = new Captured(
                Manifests.pool("- reply: {toolCalls: [{tool: none, arguments: {}}]}", ""),
                "{goal: Go on., maxIterations: 2}")) {
            captured.ask(false);
            captured.ask(false);
            assertThat(trouble(() -> captured.ask(false))).isEqualTo(Trouble.INVALID);
            assertThat(trouble(() -> captured.ask(true))).isEqualTo(Trouble.INVALID);
            assertThat(captured.count(StepKind.ModelReply)).isEqualTo(2);
        }
    }

    @Test
    void aPodHasOneSession() throws Exception {
        try (Captured captured = new Captured(Manifests.pool("- reply: {text: \"done\"}", ""), "{goal: Wait.}")) {
            List<Orders> more = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                Orders next = captured.runtime.connect(captured.runtime.hello());
                next.welcome();
                more.add(next);
            }
            captured.fleet.rig().await(ProtocolRig.PATIENCE, () -> captured.orders.ended());
            Orders last = more.removeLast();
            captured.fleet.rig().await(ProtocolRig.PATIENCE, () -> more.stream().allMatch(Orders::ended));
            assertThat(last.ended()).isFalse();
            assertThat(captured.fleet.rig().observer().instances().live(captured.fleet.pool()))
                    .singleElement()
                    .satisfies(live ->
                            assertThat(live.id()).isEqualTo(last.welcome().getInstance()));
        }
    }

    @Test
    void aHeartbeatOfMoreThanAnybodyRunsIsRefused() throws Exception {
        try (Captured captured = new Captured(Manifests.pool("- reply: {text: \"done\"}", ""), "{goal: Wait.}")) {
            List<Claim> many = Collections.nCopies(20_001, captured.start.getClaim());
            assertThat(trouble(() -> captured.runtime.heartbeat(captured.instance, many, ProtocolRig.PATIENCE)))
                    .isEqualTo(Trouble.INVALID);
        }
    }

    /** A runtime with a mission in its hands. */
    private final class Captured implements AutoCloseable {
        private final GrpcFleet fleet;
        private final ScriptedRuntime runtime;
        private final long instance;
        private final Orders orders;
        private final Start start;
        private Head head;
        private StepContent.ModelReply reply;

        Captured(String pool, String mission) throws Exception {
            fleet = new GrpcFleet(
                    new Rig(TestPostgres.shared().fresh(), pool + Manifests.mission("m", mission)), directory);
            Replica only = fleet.patientReplica("only");
            runtime = runtime(fleet, only, fleet.pod("captured"), 1);
            orders = runtime.connect(runtime.hello());
            instance = orders.welcome().getInstance();
            fleet.rig().admit();
            starts(fleet, orders, 1);
            start = orders.starts().getFirst();
            head = start.getHead();
        }

        CallModelResponse ask(boolean wrapUp) {
            ModelAsk question = new ModelAsk(List.of(new Message.User("?")), List.of(), wrapUp);
            Iterator<CallModelResponse> answers = runtime.calls()
                    .callModel(AskWire.encode(
                                    question,
                                    CallModelRequest.newBuilder()
                                            .setInstance(instance)
                                            .setClaim(start.getClaim())
                                            .setBelieved(head))
                            .build());
            CallModelResponse last = answers.next();
            while (answers.hasNext()) {
                last = answers.next();
            }
            if (last.hasReplied()) {
                head = last.getReplied().getHead();
                reply = StepWire.decode(last.getReplied().getReply(), StepContent.ModelReply.class);
            }
            return last;
        }

        String call() {
            return reply.toolCalls().getFirst().id();
        }

        /** With arguments that no model chose. */
        CallToolRequest tool(long asking, String id) {
            return CallToolRequest.newBuilder()
                    .setInstance(instance)
                    .setClaim(start.getClaim())
                    .setBelieved(head)
                    .setReply(asking)
                    .setCall(AskWire.encode(new ToolCall(id, "pay", "{\"turn\": 1000000}")))
                    .build();
        }

        void commit(StepContent step) {
            var answer = runtime.calls()
                    .commit(CommitRequest.newBuilder()
                            .setInstance(instance)
                            .setClaim(start.getClaim())
                            .setBelieved(head)
                            .addSteps(StepWire.encode(step))
                            .build());
            head = answer.getCommitted();
        }

        long count(StepKind kind) {
            return fleet.rig().count(fleet.rig().mission(), kind);
        }

        @Override
        public void close() throws Exception {
            runtime.close();
            fleet.close();
        }
    }
}
