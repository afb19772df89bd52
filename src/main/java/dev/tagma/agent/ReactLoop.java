package dev.tagma.agent;

import dev.tagma.api.v1alpha1.AgentPoolSpec.Agent;
import dev.tagma.api.v1alpha1.MissionSpec;
import dev.tagma.mission.MissionStore.Release;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.PoolRevision;
import dev.tagma.mission.Reason;
import dev.tagma.mission.link.GatewaySession;
import dev.tagma.mission.link.Start;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/**
 * The loop of an agent: ask the model, run the tools it asks for, observe, until an answer or a limit. Everything that counts is
 * committed through the gateway before the next step begins, so another runtime can go on from any step. Thread-safe; a mission blocks
 * the virtual thread that it runs on.
 */
public final class ReactLoop {
    /** Model replies where a spec does not say how many. */
    static final int DEFAULT_ITERATIONS = 10;

    private static final Logger LOG = System.getLogger(ReactLoop.class.getName());
    private static final int MAX_PROFILES = 1_000;

    private final AlarmClock clock;
    private final AgentTools.Source tools;
    private final AnswerJudge judge;
    private final Patience patience;
    private final Map<ProfileKey, AgentProfile> profiles = new ConcurrentHashMap<>();

    /** A loop for any number of missions. {@code random} spreads the repeats while the store is away. */
    public ReactLoop(AlarmClock clock, AgentTools.Source tools, AnswerJudge judge, RandomGenerator random) {
        this.clock = clock;
        this.tools = tools;
        this.judge = judge;
        this.patience = new Patience(clock, random);
    }

    /** How many model replies a mission of this spec may have, over all its owners. */
    public static int iterations(MissionSpec spec) {
        return spec.maxIterations() == null ? DEFAULT_ITERATIONS : spec.maxIterations();
    }

    private record ProfileKey(UUID pool, int revision, String agent) {}

    /** Runs one mission to its end, or until {@code control} ends it. Its clock runs from now. */
    public Ending run(Start start, GatewaySession session, MissionControl control) {
        MissionLink link = new MissionLink(
                session, new MissionLink.Mission(start.claim(), start.name(), start.head()), control, patience);
        try (AlarmClock.Alarm deadline = clock.ring(start.timeLeft(), control::deadline)) {
            return obeying(control, link, prepare(start, link, control));
        }
    }

    @FunctionalInterface
    private interface Part {
        Ending play() throws InterruptedException;
    }

    private Part prepare(Start start, MissionLink link, MissionControl control) {
        MissionRun run;
        try {
            run = fresh(start, link, control);
        } catch (IllegalArgumentException e) {
            return () -> link.finish(Outcome.failed(Reason.InvalidSpec, e.getMessage()));
        }
        String name = start.name();
        try {
            run.resume(start.tail());
        } catch (IllegalArgumentException e) {
            // a newer binary may have written it: another runtime, or this one after its rollout, can go on
            LOG.log(Level.ERROR, "mission {0} cannot be resumed here: {1}", name, e.getMessage());
            return () -> run.end(Outcome.failed(Reason.InternalError, "its history cannot be read: " + e.getMessage()));
        }
        return () -> guarded(name, run);
    }

    private MissionRun fresh(Start start, MissionLink link, MissionControl control) {
        MissionSpec spec = start.spec();
        judge.check(spec.outputSchema());
        AgentProfile profile = profile(start.pool(), spec.agent());
        ProgressLimits limits = new ProgressLimits(iterations(spec), start.attempts(), spec.outputSchema());
        return new MissionRun(
                spec,
                start.attempts(),
                profile,
                new ToolRound.MissionParts(profile.tools(), link, control, clock),
                new Progress(limits, judge, start.tail().usage().iterations()));
    }

    private AgentProfile profile(PoolRevision pool, String name) {
        ProfileKey key = new ProfileKey(pool.pool(), pool.revision(), name == null ? "" : name);
        AgentProfile known = profiles.get(key);
        if (known != null) {
            return known;
        }
        Agent agent = Prompt.agent(pool, name);
        AgentTools built = tools.of(pool, agent.name());
        boolean hasTools = built.anyOutside() || !built.definitions().isEmpty();
        AgentProfile made = new AgentProfile(Prompt.standing(pool, agent, hasTools), built);
        if (profiles.size() >= MAX_PROFILES) {
            profiles.clear();
        }
        profiles.put(key, made);
        return made;
    }

    /** A bug, here or behind the session, costs its mission one attempt and never another mission. */
    private Ending guarded(String name, MissionRun run) throws InterruptedException {
        try {
            return run.run();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "mission " + name + " stumbled", e);
            return run.end(Outcome.failed(Reason.InternalError, e.toString()));
        }
    }

    private Ending obeying(MissionControl control, MissionLink link, Part part) {
        try {
            return part.play();
        } catch (InterruptedException e) {
            return switch (control.obey()) {
                case Deadline ->
                    obeying(
                            control,
                            link,
                            () -> link.finish(
                                    Outcome.failed(Reason.DeadlineExceeded, "the mission's timeout has passed")));
                case HandBack -> obeying(control, link, () -> link.release(new Release.HandBack()));
                case Stop -> Ending.Lost;
            };
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "a mission was left: its end could not be reported", e);
            return Ending.Abandoned;
        }
    }
}
