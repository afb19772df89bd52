package dev.tagma.agent;

import dev.tagma.api.v1alpha1.MissionSpec;
import dev.tagma.api.v1alpha1.MissionSpec.Budget.OnExceeded;
import dev.tagma.mission.MissionStore.Release;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.Reason;
import dev.tagma.mission.Step;
import dev.tagma.mission.StepLog.Tail;
import dev.tagma.mission.link.GatewaySession.ModelAnswer;
import dev.tagma.mission.link.GatewaySession.ModelAsk;
import dev.tagma.mission.step.Message;
import dev.tagma.mission.step.StepCodec;
import dev.tagma.mission.step.StepContent;
import dev.tagma.mission.step.StepContent.Feedback.Topic;
import dev.tagma.mission.step.ToolDefinition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One mission under one claim: makes the moves that its progress asks for until it ends or is given up. Confined to its thread. */
final class MissionRun {
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final int LAST_DOUBLING = 6;
    private static final long SOONEST_WAKE_MILLIS = 1_000;

    private final MissionSpec spec;
    private final int attempts;
    private final AgentProfile profile;
    private final ToolRound.MissionParts parts;
    private final MissionLink link;
    private final MissionControl control;
    private final Progress progress;
    private final Conversation conversation = new Conversation();
    private final Message goal;
    private StepContent.Plan plan;
    private List<ToolDefinition> definitions;

    MissionRun(MissionSpec spec, int attempts, AgentProfile profile, ToolRound.MissionParts parts, Progress progress) {
        this.spec = spec;
        this.attempts = attempts;
        this.profile = profile;
        this.parts = parts;
        this.link = parts.link();
        this.control = parts.control();
        this.progress = progress;
        this.goal = new Message.User(Prompt.goal(spec));
    }

    /** Takes over the history of earlier owners. */
    void resume(Tail tail) {
        if (tail.plan() != null) {
            take(tail.plan());
        }
        for (Step step : tail.steps()) {
            StepContent content = StepCodec.decode(step.kind(), step.content());
            progress.add(step.seq(), content);
            show(content);
        }
    }

    /** Runs until the mission ends or is given up. Throws InterruptedException where a rein was pulled. */
    Ending run() throws InterruptedException {
        while (true) {
            control.check();
            Progress.Move move = progress.next();
            if (control.draining() && !(move instanceof Progress.Move.End)) {
                return link.release(new Release.HandBack());
            }
            Optional<Ending> ending = make(move);
            if (ending.isPresent()) {
                return ending.get();
            }
        }
    }

    /** Ends the mission, or gives it back for another attempt where its failure is of the moment and its spec allows one. */
    Ending end(Outcome outcome) throws InterruptedException {
        int retries = spec.retry() == null || spec.retry().limit() == null
                ? 0
                : spec.retry().limit();
        if (outcome.reason().retriable() && attempts < retries) {
            Duration delay = FIRST_RETRY.multipliedBy(1L << Math.min(attempts, LAST_DOUBLING));
            return link.release(new Release.Retry(outcome.reason(), outcome.message(), delay));
        }
        return link.finish(outcome);
    }

    private Optional<Ending> make(Progress.Move move) throws InterruptedException {
        return switch (move) {
            case Progress.Move.Run run -> new ToolRound(parts, run, this::observed).run();
            case Progress.Move.Tell tell -> tell(tell.feedback());
            case Progress.Move.Ask ask -> ask(ask.wrapUp());
            case Progress.Move.End end -> Optional.of(end(end.outcome()));
        };
    }

    private Optional<Ending> ask(boolean wrapUp) throws InterruptedException {
        List<ToolDefinition> tools = wrapUp ? List.of() : definitions();
        return switch (link.callModel(new ModelAsk(messages(), tools, wrapUp))) {
            case ModelAnswer.Replied replied -> {
                link.advance(replied.head());
                yield replied(replied.head().seq(), replied.reply(), null);
            }
            case ModelAnswer.Unfit unfit -> {
                link.advance(unfit.head());
                yield replied(unfit.head().seq(), unfit.reply(), unfit.problem());
            }
            case ModelAnswer.Finished finished -> Optional.of(Ending.Finished);
            case ModelAnswer.OverBudget over -> overBudget(over.detail(), wrapUp);
            case ModelAnswer.Unavailable away -> Optional.of(park(away));
            case ModelAnswer.Failed failed -> Optional.of(end(Outcome.failed(failed.reason(), failed.detail())));
            case ModelAnswer.Lost lost -> Optional.of(Ending.Lost);
        };
    }

    private Optional<Ending> replied(long seq, StepContent.ModelReply reply, String problem) {
        progress.replied(seq, reply, problem);
        show(reply);
        return Optional.empty();
    }

    private Optional<Ending> overBudget(String detail, boolean wrapUp) throws InterruptedException {
        OnExceeded onExceeded = spec.budget() == null || spec.budget().onExceeded() == null
                ? OnExceeded.WrapUp
                : spec.budget().onExceeded();
        if (wrapUp) {
            return Optional.of(end(Outcome.failed(Reason.BudgetExceeded, detail)));
        }
        return switch (onExceeded) {
            case Stop -> Optional.of(end(Outcome.failed(Reason.BudgetExceeded, detail)));
            case WrapUp ->
                tell(
                        new StepContent.Feedback(
                                Topic.WrapUp,
                                "The budget is spent (" + detail
                                        + "). No more tool calls: give the best final answer that you can from what you know now."));
        };
    }

    private Ending park(ModelAnswer.Unavailable away) throws InterruptedException {
        Duration wakeAfter = Duration.ofMillis(Math.max(SOONEST_WAKE_MILLIS, away.retryAfterMillis()));
        return link.release(new Release.Park(Reason.ProviderUnavailable, away.detail(), wakeAfter));
    }

    private Optional<Ending> tell(StepContent.Feedback feedback) throws InterruptedException {
        Optional<Ending> ending = link.commit(List.of(feedback));
        if (ending.isEmpty()) {
            observed(feedback);
        }
        return ending;
    }

    private void observed(StepContent content) {
        // only replies are known by their seq
        progress.add(0, content);
        show(content);
    }

    private void show(StepContent content) {
        conversation.add(content);
        if (content instanceof StepContent.Plan latest) {
            plan = latest;
        }
    }

    private void take(Step stored) {
        if (StepCodec.decode(stored.kind(), stored.content()) instanceof StepContent.Plan earlier) {
            plan = earlier;
        }
    }

    private List<Message> messages() {
        String system = Prompt.system(profile.standing(), plan, spec);
        List<Message> window = conversation.window();
        List<Message> messages = new ArrayList<>(window.size() + 2);
        if (!system.isEmpty()) {
            messages.add(new Message.System(system));
        }
        messages.add(goal);
        messages.addAll(window);
        return messages;
    }

    private List<ToolDefinition> definitions() throws InterruptedException {
        if (definitions == null) {
            List<ToolDefinition> here = profile.tools().definitions();
            if (profile.tools().anyOutside()) {
                List<ToolDefinition> all = new ArrayList<>(here);
                all.addAll(link.outsideTools());
                definitions = List.copyOf(all);
            } else {
                definitions = here;
            }
        }
        return definitions;
    }
}
