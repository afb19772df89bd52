package dev.tagma.runtime;

import dev.tagma.agent.Ending;
import dev.tagma.agent.MissionControl;
import dev.tagma.agent.ReactLoop;
import dev.tagma.mission.Claim;
import dev.tagma.mission.link.GatewaySession;
import dev.tagma.mission.link.RuntimeInbox;
import dev.tagma.mission.link.Start;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The missions of one session: what its gateway says counts here and nowhere else, so a replica that was left behind can start or stop
 * nothing of the session after it.
 */
final class Connection implements RuntimeInbox {
    private final ReactLoop loop;
    private final RuntimeRecorder recorder;
    private final Runnable drainAsked;
    private final CompletableFuture<GatewaySession> session = new CompletableFuture<>();
    private final Map<Long, RunningMission> missions = new ConcurrentHashMap<>();
    private final Set<RunningMission> alive = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private Set<Claim> ended = new HashSet<>();
    private Set<Claim> endedBefore = new HashSet<>();
    private volatile boolean draining;
    private volatile boolean closed;

    Connection(ReactLoop loop, RuntimeRecorder recorder, Runnable drainAsked) {
        this.loop = loop;
        this.recorder = recorder;
        this.drainAsked = drainAsked;
    }

    /** The session is open: what was started before waits no longer. */
    void opened(GatewaySession opened) {
        session.complete(opened);
    }

    @Override
    public void start(Start start) {
        RunningMission added = new RunningMission(start);
        RunningMission now = missions.compute(start.claim().mission(), (id, present) -> {
            if (closed || hasEnded(start.claim())) {
                return present;
            }
            if (present != null && present.claim().epoch() >= start.claim().epoch()) {
                return present;
            }
            if (present != null) {
                present.control().stop();
            }
            return added;
        });
        if (now == added) {
            begin(added);
        }
    }

    /** What was told is here. */
    @Override
    public boolean starting(Claim claim) {
        return false;
    }

    @Override
    public void stop(Claim claim) {
        RunningMission running = missions.get(claim.mission());
        if (running != null && running.claim().epoch() <= claim.epoch()) {
            running.control().stop();
        }
    }

    @Override
    public void drain() {
        drainAsked.run();
    }

    /** What runs here now. */
    Set<Claim> running() {
        return missions.values().stream().map(RunningMission::claim).collect(Collectors.toUnmodifiableSet());
    }

    int size() {
        return missions.size();
    }

    /** Every mission is handed back at its next step; what is still started is handed back at once. Done when none is left. */
    CompletableFuture<Void> drainAll() {
        draining = true;
        each(MissionControl::drain);
        completeIfDrained();
        return drained;
    }

    void each(Consumer<MissionControl> pull) {
        alive.forEach(mission -> pull.accept(mission.control()));
    }

    /** Stops every mission and takes no more. */
    void abandon() {
        closed = true;
        session.cancel(false);
        each(MissionControl::stop);
    }

    /** A lease has passed: starts of missions that ended before it are no longer on their way. */
    synchronized void forgetEnded() {
        endedBefore = ended;
        ended = new HashSet<>();
    }

    private void begin(RunningMission mission) {
        alive.add(mission);
        if (draining) {
            mission.control().drain();
        }
        if (closed) {
            mission.control().stop();
        }
        recorder.started();
        Thread.ofVirtual().start(() -> run(mission));
    }

    private void run(RunningMission mission) {
        Ending ending = Ending.Abandoned;
        try {
            ending = loop.run(mission.take(), session.join(), mission.control());
        } catch (CancellationException e) {
            // the session never opened: whoever binds the mission next starts it
            mission.control().stop();
        } finally {
            if (ending != Ending.Abandoned) {
                remember(mission.claim());
            }
            missions.remove(mission.claim().mission(), mission);
            alive.remove(mission);
            recorder.ended(ending);
            completeIfDrained();
        }
    }

    private void completeIfDrained() {
        if (draining && alive.isEmpty()) {
            drained.complete(null);
        }
    }

    private synchronized void remember(Claim claim) {
        ended.add(claim);
    }

    /** A start that was on its way while its mission ended here must not run the last steps again. */
    private synchronized boolean hasEnded(Claim claim) {
        return ended.contains(claim) || endedBefore.contains(claim);
    }
}
