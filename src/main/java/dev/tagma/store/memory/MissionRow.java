package dev.tagma.store.memory;

import dev.tagma.dispatch.Bindings;
import dev.tagma.dispatch.Bindings.Binding;
import dev.tagma.mission.Claim;
import dev.tagma.mission.Head;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.NewMission;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.Phase;
import dev.tagma.mission.PoolRevision;
import dev.tagma.mission.Reason;
import dev.tagma.mission.Step;
import dev.tagma.mission.Usage;
import dev.tagma.mission.step.Failover;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A row of the missions with its steps and calls, and the transitions it can make. */
final class MissionRow {
    private static final int FAILOVERS_KEPT = 10;

    final long id;
    final NewMission mission;
    final long turn;
    final List<Step> steps = new ArrayList<>();
    final List<CallRow> calls = new ArrayList<>();
    Reason reason;
    long instance;
    String pod;
    int attempts;
    boolean isolated;
    boolean contentDropped;
    boolean forgotten;
    Instant wakeAt;
    Instant finishedAt;
    Outcome outcome;

    private final Tables tables;
    private final Instant admittedAt;
    private final List<Long> lostBy = new ArrayList<>();
    private final List<Failover> failovers = new ArrayList<>();
    private String message = "";
    private int revision;
    private long epoch = 1;
    private long lastSeq;
    private Duration active = Duration.ZERO;
    private Instant runningSince;
    private Instant startedAt;
    private long version;

    MissionRow(Tables tables, long id, NewMission mission, long turn) {
        this.tables = tables;
        this.id = id;
        this.mission = mission;
        this.turn = turn;
        this.admittedAt = tables.now();
        this.reason = mission.admittedAs();
        if (ended()) {
            outcome = Outcome.failed(reason, "");
            finishedAt = admittedAt;
        }
        changed();
    }

    boolean owned(Claim claim) {
        return claim.epoch() == epoch && phase() == Phase.Running;
    }

    Phase phase() {
        return reason.phase();
    }

    boolean ended() {
        return phase().terminal();
    }

    /** Whether it was ever bound. */
    boolean started() {
        return startedAt != null;
    }

    long epoch() {
        return epoch;
    }

    Head head() {
        return headAt(steps.size());
    }

    Head headAt(long seq) {
        return seq == 0 ? Head.genesis(mission.uid()) : steps.get((int) seq - 1).head();
    }

    Usage usage() {
        return steps.isEmpty() ? Usage.NONE : steps.getLast().usage();
    }

    /** What is charged for calls without a stored reply: lapsed reservations in full. */
    Usage charged() {
        return calls.stream()
                .filter(call -> call.state == CallRow.State.Charged
                        || call.state == CallRow.State.Reserved && !call.lapsesAt.isAfter(tables.now()))
                .map(CallRow::usage)
                .reduce(Usage.NONE, Usage::plus);
    }

    Duration active() {
        return runningSince == null ? active : active.plus(Duration.between(runningSince, tables.now()));
    }

    boolean outOfTime() {
        Duration allowed =
                phase() == Phase.Running ? mission.timeout().plus(Bindings.DEADLINE_GRACE) : mission.timeout();
        return !ended() && active().compareTo(allowed) >= 0;
    }

    boolean pastStartDeadline() {
        return mission.startDeadline() != null
                && steps.isEmpty()
                && (phase() == Phase.Queued || phase() == Phase.Waiting)
                && !tables.now().isBefore(admittedAt.plus(mission.startDeadline()));
    }

    boolean bindable() {
        return phase() == Phase.Queued && !asleep();
    }

    boolean wakes() {
        return phase() == Phase.Waiting && wakeAt != null && !asleep();
    }

    private boolean asleep() {
        return wakeAt != null && wakeAt.isAfter(tables.now());
    }

    /** Whether it may crash its owner: it never runs beside others. */
    boolean suspect() {
        return lostBy.size() >= Bindings.CRASHES_IN_COMPANY;
    }

    /** Whether its owner gets no other mission: it is a suspect that has made no step there yet. */
    boolean alone() {
        return isolated && !progress();
    }

    private boolean progress() {
        return steps.size() > lastSeq;
    }

    Binding bind(long owner, boolean alone, int latestRevision) {
        epoch++;
        reason = Reason.Running;
        message = "";
        instance = owner;
        pod = tables.instances.get(owner).pod;
        isolated = alone;
        wakeAt = null;
        revision = revision == 0 ? latestRevision : revision;
        runningSince = tables.now();
        startedAt = startedAt == null ? runningSince : startedAt;
        changed();
        return binding();
    }

    Binding binding() {
        return new Binding(
                claim(),
                mission.namespace(),
                mission.name(),
                mission.pool(),
                revision,
                mission.spec(),
                lastSeq,
                mission.timeout().minus(active()),
                attempts);
    }

    /** Out of its owner's hands, or of the queue, into a phase that is not final. */
    void leave(Reason next, String why, Duration wakeAfter) {
        if (progress()) {
            lostBy.clear();
        }
        part(next, why);
        wakeAt = wakeAfter == null ? null : tables.now().plus(wakeAfter);
    }

    /** Its owner {@code pod} is lost: requeued, or ended where it was alone and this happened too often. False where it ended. */
    boolean lose(String pod) {
        if (progress()) {
            lostBy.clear();
        } else if (!tables.instances.get(instance).returned) {
            lostBy.add(instance);
        }
        if (isolated && lostBy.size() >= Bindings.CRASHES) {
            end(Outcome.failed(
                    Reason.CrashLoop,
                    "lost its runtime " + lostBy.size() + " times in a row without progress, in the end alone"));
            return false;
        }
        String why = "lost its runtime " + pod;
        part(Reason.RuntimeLost, why);
        addFailover(new Failover(tables.now(), Failover.Type.Runtime, pod, null, why));
        return true;
    }

    /** Takes back what returned instances have lost. */
    void forgive() {
        if (!ended() && lostBy.removeIf(loser -> tables.instances.get(loser).returned)) {
            isolated = isolated && suspect();
            changed();
        }
    }

    void end(Outcome how) {
        part(how.reason(), how.message());
        outcome = how;
        finishedAt = tables.now();
    }

    boolean pastRetention() {
        return ended() && mission.retention() != null && !tables.now().isBefore(finishedAt.plus(mission.retention()));
    }

    private void part(Reason next, String why) {
        epoch++;
        active = active();
        runningSince = next == Reason.ProviderUnavailable ? tables.now() : null;
        reason = next;
        message = why;
        instance = 0;
        isolated = false;
        wakeAt = null;
        lastSeq = steps.size();
        changed();
    }

    void addFailover(Failover failover) {
        failovers.add(failover);
        if (failovers.size() > FAILOVERS_KEPT) {
            failovers.removeFirst();
        }
        changed();
    }

    private void changed() {
        version = tables.nextVersion();
    }

    Claim claim() {
        return new Claim(id, mission.uid(), epoch);
    }

    long version() {
        return version;
    }

    MissionRecord toRecord() {
        PoolRevision revised = tables.revision(mission.pool(), Math.max(revision, 1));
        return new MissionRecord(
                id,
                mission.uid(),
                mission.namespace(),
                mission.name(),
                mission.pool(),
                revision,
                mission.priority(),
                reason,
                message,
                epoch,
                instance,
                headAt(lastSeq),
                lastSeq == 0 ? Usage.NONE : steps.get((int) lastSeq - 1).usage(),
                charged(),
                attempts,
                lostBy.size(),
                active(),
                outcome,
                failovers,
                admittedAt,
                startedAt,
                finishedAt,
                pod,
                lastSeq == 0 ? null : steps.get((int) lastSeq - 1).committedAt(),
                revised == null ? null : revised.namespace(),
                revised == null ? null : revised.name(),
                version);
    }
}
