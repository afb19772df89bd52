package dev.tagma.operator.mission;

import dev.tagma.api.v1alpha1.Durations;
import dev.tagma.api.v1alpha1.Mission;
import dev.tagma.api.v1alpha1.MissionStatus;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.MissionStore;
import dev.tagma.mission.Projection;
import dev.tagma.mission.Projection.Seen;
import dev.tagma.mission.Reason;
import dev.tagma.operator.Events;
import dev.tagma.operator.OperatorPorts;
import dev.tagma.operator.OperatorSettings;
import dev.tagma.operator.mission.MissionAdmission.Result;
import dev.tagma.operator.mission.MissionDecision.Situation;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * Missions: admitted into rows, ordered by their specs, their rows shown in their statuses. What others change in the metadata or the
 * status is looked at too; what it writes itself is not.
 */
@ControllerConfiguration(name = "mission", generationAwareEventProcessing = false)
public final class MissionReconciler implements Reconciler<Mission> {
    private final MissionStore missions;
    private final InstantSource clock;
    private final StatusWriter writer;
    private final Events events;
    private final MissionIndex index = new MissionIndex();
    private final MissionDesks desks;

    /**
     * Watches once it is registered with an operator, and acts when that one leads.
     *
     * @param clock the time of conditions that the store knows nothing of
     */
    public MissionReconciler(OperatorPorts ports, OperatorSettings settings, Events events, InstantSource clock) {
        this.missions = ports.missions();
        this.clock = clock;
        this.writer = new StatusWriter(ports.client());
        this.events = events;
        this.desks = new MissionDesks(ports, index, settings::watches, clock);
    }

    @Override
    public List<EventSource<?, Mission>> prepareEventSources(EventSourceContext<Mission> context) {
        return List.of(desks.events());
    }

    /** This operator acts from now on: until then it only watches. */
    public void lead() {
        desks.start();
    }

    /** What it has not got done. */
    public Lateness lateness() {
        Arrears arrears = desks.arrears();
        return new Lateness(
                arrears.late(), arrears.longest(), desks.overlooked().found());
    }

    @Override
    public UpdateControl<Mission> reconcile(Mission mission, Context<Mission> context) {
        return desks.arrears()
                .attempt(mission, () -> act(new Work(mission, context), MissionDecision.of(observe(mission))));
    }

    private Situation observe(Mission mission) {
        index.put(mission);
        UUID own = RunIdentity.own(mission);
        Optional<UUID> earlier = RunIdentity.earlier(mission);
        boolean fresh = earlier.isEmpty() && isUnseen(mission.getStatus());
        Optional<MissionRecord> row =
                fresh ? desks.rows().kept(own) : desks.rows().find(own);
        UUID lost = null;
        if (row.isEmpty() && earlier.isPresent()) {
            Optional<MissionRecord> before = desks.rows().find(earlier.get());
            lost = before.isEmpty() ? earlier.get() : null;
            // Of another name it is a copy, and runs for itself.
            row = before.filter(
                    run -> run.namespace().equals(mission.getMetadata().getNamespace())
                            && run.name().equals(mission.getMetadata().getName()));
        }
        return situation(mission, row.orElse(null), lost == null ? null : lost.toString());
    }

    private Situation situation(Mission mission, MissionRecord row, String runLost) {
        return new Situation(
                mission.getSpec(),
                mission.getStatus(),
                row,
                runLost,
                created(mission),
                clock.instant(),
                desks.rush().isOn());
    }

    private static Instant created(Mission mission) {
        return Instant.parse(mission.getMetadata().getCreationTimestamp());
    }

    private static boolean isUnseen(MissionStatus status) {
        return status == null || status.phase() == null;
    }

    private UpdateControl<Mission> act(Work work, MissionDecision decision) {
        return switch (decision) {
            case MissionDecision.Keep() -> work.keep();
            case MissionDecision.Admit() -> admit(work);
            case MissionDecision.StopRun(var row) -> {
                missions.cancel(row.uid(), "its Mission has ended before");
                yield work.keep();
            }
            case MissionDecision.Cancel(var row) -> {
                missions.cancel(row.uid(), "spec.cancel");
                yield work.show(again(row));
            }
            case MissionDecision.Suspend(var row) -> {
                missions.suspend(row.uid());
                yield work.show(again(row));
            }
            case MissionDecision.Resume(var row) -> {
                missions.resume(row.uid());
                desks.queueChanged(row.pool());
                yield work.show(again(row));
            }
            case MissionDecision.Show(var row) -> work.show(row);
            case MissionDecision.ShowLater(var after) ->
                UpdateControl.<Mission>noUpdate().rescheduleAfter(after);
            case MissionDecision.End(var reason, var message) -> work.endAs(reason, message);
        };
    }

    /** The row after it was changed. */
    private MissionRecord again(MissionRecord row) {
        MissionRecord now = missions.find(row.uid()).orElse(row);
        desks.rows().seen(now);
        return now;
    }

    private UpdateControl<Mission> admit(Work work) {
        return switch (desks.admission().admit(work.mission)) {
            case Result.Entered(var row) -> {
                desks.rush().admitted();
                desks.rows().seen(row);
                yield act(work, MissionDecision.of(situation(work.mission, row, null)));
            }
            case Result.Waits(var reason, var message) -> work.showPending(reason, message);
            case Result.Ends(var reason, var message) -> work.endAs(reason, message);
        };
    }

    /** One reconciliation's writes: each onto what the one before left. */
    private final class Work {
        private final Context<Mission> context;
        private Mission mission;

        Work(Mission mission, Context<Mission> context) {
            this.mission = mission;
            this.context = context;
        }

        private Seen seen() {
            return new Seen(mission.getStatus(), mission.getMetadata().getGeneration());
        }

        UpdateControl<Mission> keep() {
            write(Projection.acknowledged(
                    mission.getStatus(), mission.getMetadata().getGeneration()));
            return end();
        }

        UpdateControl<Mission> end() {
            desks.admission().forget(mission);
            desks.rows().drop(RunIdentity.own(mission));
            RunIdentity.earlier(mission).ifPresent(desks.rows()::drop);
            desks.overlooked().forget(ResourceID.fromResource(mission));
            return UpdateControl.noUpdate();
        }

        UpdateControl<Mission> show(MissionRecord row) {
            desks.admission().forget(mission);
            write(Projection.of(row, seen()));
            mark(row);
            desks.overlooked().shown(ResourceID.fromResource(mission), row);
            return row.phase().terminal() ? end() : UpdateControl.noUpdate();
        }

        UpdateControl<Mission> showPending(Reason reason, String message) {
            write(Projection.pending(reason, message, seen(), clock.instant()));
            Duration deadline = Durations.parseOr(mission.getSpec().startDeadline(), null);
            if (deadline == null) {
                return UpdateControl.noUpdate();
            }
            Duration left = Duration.between(clock.instant(), created(mission).plus(deadline));
            return UpdateControl.<Mission>noUpdate().rescheduleAfter(left.isPositive() ? left : Duration.ofMillis(1));
        }

        UpdateControl<Mission> endAs(Reason reason, String message) {
            write(Projection.ended(reason, message, seen(), clock.instant()));
            return end();
        }

        private void write(MissionStatus next) {
            MissionStatus present = mission.getStatus();
            if (Projection.same(present, next)) {
                return;
            }
            mission = patched(current -> writer.write(current, next));
            index.put(mission);
            if (present == null || !next.reason().equals(present.reason())) {
                MissionAnnouncements.announce(
                        events,
                        mission,
                        Reason.valueOf(next.reason()),
                        next.conditions().getFirst().message());
            }
        }

        /**
         * The run's UID stands in the annotation as soon as the status says anything of its row, and no sooner: of many missions at once,
         * each shall have its row before any is written about. That of a restored Mission stays that of its run.
         */
        private void mark(MissionRecord row) {
            if (row.uid().equals(RunIdentity.own(mission)) && !RunIdentity.isMarked(mission)) {
                mission = patched(writer::mark);
            }
        }

        /** In the cache from now on, whenever the watch will tell of it. */
        private Mission patched(UnaryOperator<Mission> patch) {
            return context.eventSourceRetriever()
                    .getControllerEventSource()
                    .eventFilteringUpdateAndCacheResource(mission, patch);
        }
    }
}
