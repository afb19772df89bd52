package dev.tagma.operator.mission;

import dev.tagma.api.v1alpha1.Mission;
import dev.tagma.catalog.CatalogChanges;
import dev.tagma.catalog.MissionResolver;
import dev.tagma.mission.Hints;
import dev.tagma.mission.Hints.Topic;
import dev.tagma.operator.OperatorPorts;
import dev.tagma.operator.mission.WaitingRoom.Need;
import dev.tagma.rounds.Pace;
import dev.tagma.rounds.Rounds;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import java.util.function.Predicate;

/** What works for all missions together, beside the reconciliation of each: their rows, the way in, the way out, and the waiting. */
final class MissionDesks {
    private static final Duration TICK = Duration.ofMillis(500);
    private static final Duration BREATH = Duration.ofMillis(20);
    private static final Duration RESYNC = Duration.ofSeconds(30);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration COMPARE = Duration.ofMinutes(1);

    private final Hints hints;
    private final InstantSource clock;
    private final RowFeed rows;
    private final Departures departures;
    private final AdmissionDesk desk;
    private final Rush rush = new Rush(System::nanoTime);
    private final WaitingRoom waiting = new WaitingRoom();
    private final MissionAdmission admission;
    private final MissionEventSource events;
    private final AwaitedInputs inputs;
    private final CatalogChanges changes;
    private final Rounds rounds;
    private final Arrears arrears;
    private final Overlooked overlooked;
    private final Rounds supervision;
    private CatalogChanges.Subscription subscription;
    private boolean stopped;
    private Instant resyncAt;
    private Instant compareAt;

    MissionDesks(OperatorPorts ports, MissionIndex index, Predicate<String> watched, InstantSource clock) {
        this.hints = ports.hints();
        this.clock = clock;
        this.events = new MissionEventSource(index, this::stop, this::deleted);
        this.rows = new RowFeed(ports.missions(), hints, index, System::nanoTime, events::changed);
        this.departures = new Departures(ports.missions(), index, Departures.on(ports, watched), clock);
        this.desk = new AdmissionDesk(ports.missions(), ports.poolMissions(), hints, events::changed);
        this.admission = new MissionAdmission(
                UnknownFields.of(ports.client()),
                new MissionResolver(ports.catalog()),
                ports.revisions(),
                desk,
                waiting);
        this.inputs = new AwaitedInputs(ports.catalog(), waiting, this::changed);
        this.changes = ports.changes();
        this.rounds = Rounds.each("mission-waiting", new Pace(TICK, BREATH), this::round, PassingTrouble::is);
        this.arrears = new Arrears(index::contains, System::nanoTime);
        this.overlooked = new Overlooked(index, rows::kept, run -> isWaiting(index, run), events::changed);
        this.supervision =
                Rounds.each("mission-supervision", new Pace(LOOK, BREATH), this::supervise, PassingTrouble::is);
    }

    /** Works from now on, until the event source is stopped. */
    synchronized void start() {
        if (stopped) {
            return;
        }
        resyncAt = clock.instant().plus(RESYNC);
        compareAt = clock.instant().plus(COMPARE);
        subscription = changes.subscribe(new DeclaredChanges());
        rows.start();
        departures.start();
        rounds.start();
        supervision.start();
    }

    private synchronized void stop() {
        stopped = true;
        if (subscription != null) {
            subscription.close();
        }
        supervision.cancel();
        rounds.cancel();
        departures.stop();
        rows.stop();
    }

    MissionEventSource events() {
        return events;
    }

    RowFeed rows() {
        return rows;
    }

    MissionAdmission admission() {
        return admission;
    }

    Rush rush() {
        return rush;
    }

    Arrears arrears() {
        return arrears;
    }

    Overlooked overlooked() {
        return overlooked;
    }

    /** Something may be bound now. */
    void queueChanged(UUID pool) {
        hints.changed(Topic.Queue, pool.toString());
    }

    private void changed(Need need) {
        waiting.waitingFor(need).forEach(events::changed);
    }

    private void deleted(Mission mission) {
        admission.forget(mission);
        rows.drop(RunIdentity.own(mission));
        departures.gone(RunIdentity.own(mission));
        overlooked.forget(ResourceID.fromResource(mission));
    }

    private boolean isWaiting(MissionIndex index, UUID run) {
        return arrears.triedWithin(run, Overlooked.RETRIED_WITHIN)
                || index.id(run).filter(id -> admission.holds(id, run)).isPresent();
    }

    /** Apart from the other rounds, which may themselves be what hangs. */
    private void supervise() {
        arrears.look();
        if (!clock.instant().isBefore(compareAt)) {
            compareAt = clock.instant().plus(COMPARE);
            overlooked.compare();
        }
    }

    private void round() {
        if (!clock.instant().isBefore(resyncAt)) {
            resyncAt = clock.instant().plus(RESYNC);
            waiting.all().forEach(events::changed);
            desk.callFirst();
        }
        try {
            desk.callIn();
        } finally {
            inputs.round();
        }
    }

    private final class DeclaredChanges implements CatalogChanges.Listener {
        @Override
        public void poolChanged(String namespace, String name) {
            changed(new Need.Pool(namespace, name));
            desk.callFirst();
        }

        @Override
        public void namespaceChanged(String name) {
            changed(new Need.Namespace(name));
        }
    }
}
