package dev.tagma.agent;

import dev.tagma.mission.Claim;
import dev.tagma.mission.CommitResult;
import dev.tagma.mission.Head;
import dev.tagma.mission.MissionStore.Release;
import dev.tagma.mission.NewStep;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.Usage;
import dev.tagma.mission.link.GatewaySession;
import dev.tagma.mission.link.GatewaySession.ModelAnswer;
import dev.tagma.mission.link.GatewaySession.ModelAsk;
import dev.tagma.mission.link.GatewaySession.ToolAnswer;
import dev.tagma.mission.step.StepContent;
import dev.tagma.mission.step.ToolCall;
import dev.tagma.mission.step.ToolDefinition;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One mission's line to the gateway: knows the head, waits while the store is away, and sends again what the store has lost. Used by the
 * mission's own thread; {@link #callTool} by those of its tools too.
 */
final class MissionLink {
    private static final Logger LOG = System.getLogger(MissionLink.class.getName());

    private final GatewaySession session;
    private final Claim claim;
    private final String name;
    private final MissionControl control;
    private final Patience patience;
    private final List<Sent> sent = new ArrayList<>(2);
    private volatile Head head;

    MissionLink(GatewaySession session, Mission mission, MissionControl control, Patience patience) {
        this.session = session;
        this.claim = mission.claim();
        this.name = mission.name();
        this.head = mission.head();
        this.control = control;
        this.patience = patience;
    }

    /** Whose mission this is, and where its chain ends. */
    record Mission(Claim claim, String name, Head head) {}

    private record Sent(Head before, List<StepContent> steps, Head after) {}

    /** Commits the steps. Empty where the mission goes on. */
    Optional<Ending> commit(List<StepContent> steps) throws InterruptedException {
        Head believed = head;
        CommitResult result = persist(() -> session.commit(claim, believed, steps));
        return switch (result) {
            case CommitResult.Committed committed -> {
                sent.add(new Sent(believed, steps, committed.head()));
                head = committed.head();
                yield Optional.empty();
            }
            case CommitResult.Fenced fenced -> Optional.of(Ending.Lost);
            case CommitResult.Behind behind -> resend(behind.store(), steps);
            case CommitResult.Fork fork -> Optional.of(forked(fork.store()));
        };
    }

    /** Ends the mission. */
    Ending finish(Outcome outcome) throws InterruptedException {
        CommitResult result = persist(() -> session.finish(claim, head, outcome));
        return switch (result) {
            case CommitResult.Committed committed -> Ending.Finished;
            case CommitResult.Fenced fenced -> Ending.Lost;
            case CommitResult.Behind behind -> {
                Optional<Ending> ending = resend(behind.store(), List.of());
                yield ending.isPresent() ? ending.get() : finish(outcome);
            }
            case CommitResult.Fork fork -> forked(fork.store());
        };
    }

    Ending release(Release release) throws InterruptedException {
        return persist(() -> session.release(claim, release)) ? Ending.Released : Ending.Lost;
    }

    ModelAnswer callModel(ModelAsk ask) throws InterruptedException {
        return persist(() -> control.waitFor(() -> session.callModel(claim, head, ask)));
    }

    List<ToolDefinition> outsideTools() throws InterruptedException {
        return persist(() -> control.waitFor(() -> session.outsideTools(claim)));
    }

    /** Calls an outside tool on the current thread, which may be interrupted at any time. */
    ToolAnswer callTool(long reply, ToolCall call) throws InterruptedException {
        return patience.persist(() -> session.callTool(claim, head, reply, call), patience::sleep);
    }

    /** The gateway committed a step itself: its content cannot be sent again from here. */
    void advance(Head committed) {
        sent.clear();
        if (committed.seq() > head.seq()) {
            head = committed;
        }
    }

    /** The store lost steps in a failover. What was sent since the last reply is sent again; what the gateway performed is not here. */
    private Optional<Ending> resend(Head store, List<StepContent> steps) throws InterruptedException {
        List<StepContent> again = sentAfter(store);
        if (again.isEmpty()) {
            LOG.log(Level.WARNING, "{0} is handed back: the store lost its steps after {1}", name, store.seq());
            return Optional.of(release(new Release.HandBack()));
        }
        again.addAll(steps);
        LOG.log(Level.INFO, "{0} sends the steps after {1} again, which the store lost", name, store.seq());
        sent.clear();
        head = store;
        return commit(List.copyOf(again));
    }

    /** The steps from {@code store} to the head, where all of them were sent from here; else none. */
    private List<StepContent> sentAfter(Head store) {
        List<StepContent> after = new ArrayList<>();
        boolean found = false;
        for (Sent one : sent) {
            Head at = one.before();
            for (StepContent step : one.steps()) {
                found |= at.equals(store);
                if (found) {
                    after.add(step);
                }
                NewStep stored = NewStep.of(step, Usage.NONE);
                at = at.then(claim.epoch(), stored.kind(), stored.contentDigest());
            }
            if (!at.equals(one.after())) {
                // steps of the gateway lie between
                found = false;
                after.clear();
            }
        }
        return after;
    }

    private Ending forked(Head store) throws InterruptedException {
        LOG.log(
                Level.ERROR,
                "{0} is handed back: its chain forked under epoch {1}; this runtime believes in {2}, the store has {3}",
                name,
                claim.epoch(),
                head,
                store);
        return release(new Release.HandBack());
    }

    private <T> T persist(Patience.Request<T> request) throws InterruptedException {
        return patience.persist(request, this::pause);
    }

    private void pause(Duration duration) throws InterruptedException {
        control.waitFor(() -> {
            patience.sleep(duration);
            return duration;
        });
    }
}
