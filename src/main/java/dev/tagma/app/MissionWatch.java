package dev.tagma.app;

import dev.tagma.app.fleet.Fleet;
import dev.tagma.app.fleet.FleetException;
import dev.tagma.app.view.MissionProgress;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.Phase;
import dev.tagma.mission.Reason;
import dev.tagma.mission.Step;
import dev.tagma.mission.StoreUnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Follows missions to their end, by reading what changed and, for those that are shown, their steps. */
final class MissionWatch {
    private static final int PAGE = 500;
    private static final int REFRESHED = 50;
    private static final int CAUGHT_UP = 200;
    private static final Duration REFRESH = Duration.ofSeconds(2);

    private final Fleet fleet;
    private final ProgressOutput output;
    private final Clock clock;
    private final Map<UUID, MissionProgress> known = new LinkedHashMap<>();
    /** Who does not answer at the moment, or null. */
    private String away;

    private boolean unreadable;

    MissionWatch(Fleet fleet, ProgressOutput output, Clock clock) {
        this.fleet = fleet;
        this.output = output;
        this.clock = clock;
    }

    /** How a watch ended. */
    enum End {
        /** No mission can go on by itself: each has ended, or waits for a person. */
        Settled,
        /** The end was asked for. */
        Stopped,
        /** The time was up. */
        TimedOut
    }

    /** Follows the missions with a round every {@code pause}, for {@code limit} at the longest. */
    End follow(List<MissionRecord> admitted, Stop stop, Duration pause, Duration limit) {
        Instant start = clock.instant();
        for (MissionRecord row : admitted) {
            known.put(row.uid(), caughtUp(row));
            output.changed(known.get(row.uid()), start);
        }
        try (Fleet.Changes changes = fleet.changes(admitted)) {
            End end = rounds(changes, stop, pause, limit);
            output.end();
            return end;
        }
    }

    private End rounds(Fleet.Changes changes, Stop stop, Duration pause, Duration limit) {
        Instant start = clock.instant();
        Instant refreshed = start;
        End end = null;
        while (end == null) {
            Instant now = clock.instant();
            boolean refresh = Duration.between(refreshed, now).compareTo(REFRESH) >= 0;
            refreshed = refresh ? now : refreshed;
            round(changes, refresh);
            output.round(known.values(), now, Duration.between(start, now));
            if (known.values().stream().allMatch(MissionWatch::settled)) {
                end = End.Settled;
            } else if (Duration.between(start, now).compareTo(limit) >= 0) {
                end = End.TimedOut;
            } else if (stop.await(pause)) {
                end = End.Stopped;
            }
        }
        return end;
    }

    /** What an earlier run did is known from the start: only what is new is told. */
    private MissionProgress caughtUp(MissionRecord row) {
        return row.phase().terminal() || row.startedAt() == null || known.size() >= CAUGHT_UP
                ? MissionProgress.of(row)
                : fleet.progress(row);
    }

    /** The missions as last seen, in the order in which they were given. */
    Collection<MissionProgress> missions() {
        return List.copyOf(known.values());
    }

    /** Reads the rows once more: what a drain has changed. */
    void refresh() {
        known.values().stream()
                .map(MissionProgress::record)
                .toList()
                .forEach(row -> fleet.now(row).ifPresent(this::update));
    }

    private static boolean settled(MissionProgress mission) {
        Reason reason = mission.record().reason();
        return mission.phase().terminal() || reason == Reason.Suspended || reason == Reason.OutcomeUnknown;
    }

    private void round(Fleet.Changes changes, boolean refresh) {
        try {
            readSteps();
            changes.next().forEach(this::update);
            if (refresh) {
                // the feed is a hint: a change that it never shows is seen here
                known.values().stream()
                        .filter(mission -> !mission.phase().terminal())
                        .limit(REFRESHED)
                        .map(MissionProgress::record)
                        .toList()
                        .forEach(row -> fleet.now(row).ifPresent(this::update));
            }
            if (away != null) {
                output.notice(away + " is back");
                away = null;
            }
        } catch (StoreUnavailableException e) {
            away("the database", "the database does not answer, missions wait for it: " + e.getMessage());
        } catch (FleetException e) {
            if (e.kind() == FleetException.Kind.Refused) {
                throw e;
            }
            away("the gateway", "the missions go on unseen: " + e.getMessage());
        }
    }

    private void away(String who, String notice) {
        if (away == null) {
            away = who;
            output.notice(notice);
        }
    }

    private void readSteps() {
        for (MissionProgress mission : output.followed(known.values())) {
            read(mission);
        }
    }

    /** Who may follow a mission may not always read what it says: then its transitions are shown alone. */
    private void read(MissionProgress mission) {
        if (unreadable) {
            return;
        }
        try {
            readOn(mission);
        } catch (FleetException e) {
            if (e.kind() != FleetException.Kind.Refused) {
                throw e;
            }
            unreadable = true;
            output.notice("steps are not shown: " + e.getMessage());
        }
    }

    private void readOn(MissionProgress mission) {
        MissionProgress progress = mission;
        List<Step> page;
        do {
            page = fleet.steps(progress.record(), progress.seq(), PAGE);
            for (Step step : page) {
                progress = progress.with(step);
                output.step(progress, step);
            }
            known.put(progress.record().uid(), progress);
        } while (!page.isEmpty());
    }

    private void update(MissionRecord row) {
        MissionProgress before = known.get(row.uid());
        if (before == null || row.version() <= before.record().version()) {
            return;
        }
        if (row.phase() != Phase.Queued && row.head().seq() > before.seq() && follows(before)) {
            // the steps between the last round and the transition
            read(before);
        }
        MissionProgress after = known.get(row.uid()).with(row);
        known.put(row.uid(), after);
        if (row.reason() != before.record().reason()
                || row.epoch() != before.record().epoch()) {
            output.changed(after, clock.instant());
        }
    }

    private boolean follows(MissionProgress mission) {
        return !output.followed(List.of(mission)).isEmpty();
    }
}
