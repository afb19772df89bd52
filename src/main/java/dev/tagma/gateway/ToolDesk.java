package dev.tagma.gateway;

import dev.tagma.agent.tool.CallDecision;
import dev.tagma.agent.tool.ToolOutput;
import dev.tagma.agent.tool.ToolPolicy;
import dev.tagma.agent.tool.Toolbox;
import dev.tagma.agent.tool.Toolboxes;
import dev.tagma.api.v1alpha1.AgentPoolSpec.Tool;
import dev.tagma.gateway.Ledger.Entry;
import dev.tagma.gateway.egress.OutsideCall;
import dev.tagma.gateway.egress.OutsideTools;
import dev.tagma.mission.CommitResult;
import dev.tagma.mission.CommitResult.Committed;
import dev.tagma.mission.Head;
import dev.tagma.mission.StepLog;
import dev.tagma.mission.Usage;
import dev.tagma.mission.link.GatewaySession.ToolAnswer;
import dev.tagma.mission.link.Start;
import dev.tagma.mission.step.StepContent;
import dev.tagma.mission.step.StepContent.Observation;
import dev.tagma.mission.step.ToolCall;
import dev.tagma.mission.step.ToolDefinition;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;

/**
 * Makes the outside calls of missions and commits what came of them, before anybody is told. A call of a tool with side effects is
 * announced by a ToolStarted step right before it begins, and never begins twice.
 */
public final class ToolDesk {
    private final OutsideTools outside;
    private final Toolboxes boxes;
    private final StepLog steps;
    private final LongSupplier nanoTime;

    /** {@code nanoTime} is the monotonic clock. */
    public ToolDesk(OutsideTools outside, Toolboxes boxes, StepLog steps, LongSupplier nanoTime) {
        this.outside = outside;
        this.boxes = boxes;
        this.steps = steps;
        this.nanoTime = nanoTime;
    }

    List<ToolDefinition> definitions(Start start) {
        return outside.definitions(
                start.pool(), boxes.of(start.pool(), start.spec().agent()).outside());
    }

    /** Whether the agent's tool of this name is called here. */
    boolean isOutside(Start start, String tool) {
        return boxes.of(start.pool(), start.spec().agent()).isOutside(tool);
    }

    /**
     * The committed outcome of a call of the last reply, as that reply has it; a repeated request joins the call in flight, or gets what is
     * stored. Throws IllegalArgumentException for a call that the reply did not ask for.
     */
    ToolAnswer call(Ledger ledger, long reply, String callId) {
        return ledger.once(callId, () -> decide(ledger, reply, callId));
    }

    private ToolAnswer decide(Ledger ledger, long asking, String callId) {
        Toolbox box = boxes.of(ledger.start().pool(), ledger.start().spec().agent());
        Head reply = ledger.reply();
        if (reply != null && reply.seq() > asking) {
            // a request that was delayed on its way: by the time of that reply its call was settled
            return new ToolAnswer.Lost();
        }
        ToolCall call = ledger.call(callId)
                .filter(asked -> reply.seq() == asking)
                .orElseThrow(() -> new IllegalArgumentException(
                        "call: reply " + asking + " is not the last, or asked for no call \"" + callId + "\""));
        if (!box.isOutside(call.tool())) {
            return observe(ledger, asking, call, ToolOutput.error("There is no outside tool \"" + call.tool() + "\"."));
        }
        Tool tool = box.find(call.tool()).orElseThrow();
        return switch (ToolPolicy.decide(tool, reply.seq(), call, ledger.since())) {
            case CallDecision.Run run -> run(ledger, tool, reply, call, run.announce());
            case CallDecision.ReportUnknown unknown -> observe(ledger, reply.seq(), call, unknown.output());
            case CallDecision.AwaitPerson person -> new ToolAnswer.AwaitPerson(person.detail());
            case CallDecision.AlreadyObserved already -> observed(ledger, already.observation());
        };
    }

    private ToolAnswer run(Ledger ledger, Tool tool, Head reply, ToolCall call, boolean announce) {
        if (announce) {
            // one attempt's alone: another replica's word for the same call, stored already, must not pass for this
            // one's
            String attempt = UUID.randomUUID().toString();
            StepContent started = new StepContent.ToolStarted(reply.seq(), call.id(), tool.name(), attempt);
            // given up while in doubt, it would seem to say that the call began
            CommitResult announced = ledger.persist(List.of(new Entry(started, Usage.NONE)), null, steps::commit);
            if (ledger.overtaken(announced)) {
                return decide(ledger, reply.seq(), call.id());
            }
            if (!(announced instanceof Committed)) {
                return new ToolAnswer.Lost();
            }
        }
        String key = ToolPolicy.idempotencyKey(ledger.claim().uid(), reply.digest(), call.id());
        Duration left = Duration.ofNanos(Math.max(0, ledger.deadlineNanos() - nanoTime.getAsLong()));
        ToolOutput output = outside.call(
                ledger.start().pool(),
                tool,
                new OutsideCall(ledger.claim().uid(), call, key, ToolPolicy.timeout(tool, left)));
        boolean forPerson = announce
                && output instanceof ToolOutput.Unknown
                && tool.onUnknownOutcome() == Tool.OnUnknownOutcome.Wait;
        return forPerson
                ? new ToolAnswer.AwaitPerson("the outcome of the call of " + tool.name() + " is unknown")
                : observe(ledger, reply.seq(), call, output);
    }

    private ToolAnswer observe(Ledger ledger, long reply, ToolCall call, ToolOutput output) {
        StepContent step = output.step(reply, call);
        while (true) {
            CommitResult result = ledger.persist(List.of(new Entry(step, Usage.TOOL_CALL)), null, steps::commit);
            if (result instanceof Committed) {
                return observed(ledger, step);
            }
            if (!ledger.overtaken(result)) {
                return new ToolAnswer.Lost();
            }
            Optional<Observation> elsewhere = observation(ledger, reply, call);
            if (elsewhere.isPresent()) {
                return observed(ledger, elsewhere.get());
            }
            if (ledger.reply() != null && ledger.reply().seq() > reply) {
                return new ToolAnswer.Lost();
            }
        }
    }

    private static Optional<Observation> observation(Ledger ledger, long reply, ToolCall call) {
        return ledger.since().stream()
                .filter(Observation.class::isInstance)
                .map(Observation.class::cast)
                .filter(one -> one.reply() == reply && one.callId().equals(call.id()))
                .findFirst();
    }

    private static ToolAnswer observed(Ledger ledger, StepContent step) {
        return new ToolAnswer.Observed((Observation) step, ledger.head());
    }
}
