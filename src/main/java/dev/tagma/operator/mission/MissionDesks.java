package dev.tagma.operator.mission;

import dev.tagma.api.v1alpha1.Mission;
import dev.tagma.catalog.MissionResolver;
import dev.tagma.mission.Hints;
import dev.tagma.mission.Hints.Topic;
import dev.tagma.operator.mission.WaitingRoom.Need;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** What works for all missions together, beside the reconciliation of each: their rows, the way in, the way out, and the waiting. */
final class MissionDesks {
    private static final Duration TICK = Duration.ofMillis(500);
    private static final Duration BREATH = Duration.ofMillis(20);
    private static final Duration RESYNC = Duration.ofSeconds(30);

    private final Hints hints;
    private final InstantSource clock;
    private final RowFeed rows;
    private final Departures departures;
    private final AdmissionDesk desk;
    private final WaitingRoom waiting = new WaitingRoom();
    private final MissionAdmission admission;
    private final MissionEventSource events;
    private final Set<Need> changed = ConcurrentHashMap.newKeySet();
    private final Rounds rounds;
    private Instant resyncAt;

    MissionDesks(MissionPorts ports, MissionIndex index, Predicate<String> watched, InstantSource clock) {
        this.hints = ports.hints();
        this.clock = clock;
        this.events = new MissionEventSource(index, this::start, this::stop, this::deleted);
        this.rows = new RowFeed(ports.missions(), hints, index, System::nanoTime, events::changed);
        this.departures = new Departures(ports, index, watched, clock);
        this.desk = new AdmissionDesk(ports.missions(), ports.poolMissions(), hints, events::changed);
        this.admission = new MissionAdmission(new MissionResolver(ports.catalog()), ports.revisions(), desk, waiting);
        this.rounds = new Rounds("mission-waiting", TICK, BREATH, this::round);
    }

    private void start() {
        resyncAt = clock.instant().plus(RESYNC);
        rows.start();
        departures.start();
        rounds.start();
    }

    private void stop() {
        rounds.stop();
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

    /** Something may be bound now. */
    void queueChanged(UUID pool) {
        hints.changed(Topic.Queue, pool.toString());
    }

    /** Looks at those who wait at once, and once more in the next round: the catalog may hear of the change later than whoever tells of it. */
    void changed(Need need) {
        waiting.waitingFor(need).forEach(events::changed);
        changed.add(need);
    }

    private void deleted(Mission mission) {
        admission.forget(mission);
        rows.drop(RunIdentity.own(mission));
        departures.gone(RunIdentity.own(mission));
    }

    private void round() {
        for (Need need : Set.copyOf(changed)) {
            changed.remove(need);
            waiting.waitingFor(need).forEach(events::changed);
        }
        desk.callIn();
        if (!clock.instant().isBefore(resyncAt)) {
            resyncAt = clock.instant().plus(RESYNC);
            waiting.all().forEach(events::changed);
        }
    }
}
