package dev.tagma.gateway.rest.event;

import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.MissionStore;
import dev.tagma.rounds.Bell;
import dev.tagma.rounds.Rounds;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** The changes of all missions as the listeners to namespaces see them: read once for all, and only while somebody listens. */
final class ChangeFeed {
    /** Most changes that are kept for listeners; whoever is further behind reads the store. */
    static final int KEPT = 1024;

    private static final int PAGE = 200;

    private final MissionStore missions;
    private final EventJson json;
    private final Bell news = new Bell();
    private final ReentrantLock lock = new ReentrantLock();
    private int listeners;
    private volatile Rounds rounds = rounds();
    private volatile View view = View.NOTHING;

    ChangeFeed(MissionStore missions, EventJson json) {
        this.missions = missions;
        this.json = json;
    }

    /** A change of a mission, as an event. */
    record Change(long version, String namespace, String transition) {}

    /**
     * What was seen at one moment.
     *
     * @param base the version behind which {@code changes} are complete
     * @param version up to which everything was seen
     */
    record View(boolean looked, long base, long version, List<Change> changes) {
        static final View NOTHING = new View(false, 0, 0, List.of());

        View {
            changes = List.copyOf(changes);
        }
    }

    void join() {
        lock.lock();
        try {
            if (listeners++ == 0) {
                view = View.NOTHING;
                rounds = rounds();
                rounds.start();
            }
        } finally {
            lock.unlock();
        }
    }

    void leave() {
        lock.lock();
        try {
            if (--listeners == 0) {
                rounds.close();
            }
        } finally {
            lock.unlock();
        }
    }

    private Rounds rounds() {
        return EventDesk.rounds("events of namespaces", this::look);
    }

    void hint() {
        rounds.hint();
    }

    /** Rings where there is something new. */
    Bell bell() {
        return news;
    }

    View view() {
        return view;
    }

    /** Changes behind {@code version}: from here, or from the store where they are not kept any more. */
    List<Change> changes(View seen, long version) {
        if (version >= seen.base()) {
            return seen.changes().stream()
                    .filter(change -> change.version() > version)
                    .toList();
        }
        return missions.changes(version, PAGE).stream().map(this::change).toList();
    }

    private Change change(MissionRecord row) {
        return new Change(row.version(), row.namespace(), json.transition(row));
    }

    /** Never two at a time: rounds that were closed may still be at it. */
    private void look() {
        lock.lock();
        try {
            if (listeners > 0) {
                view = view.looked() ? next(view) : begin();
            }
        } finally {
            lock.unlock();
        }
        news.ring();
    }

    private View begin() {
        long newest = missions.horizon();
        return new View(true, newest, newest, List.of());
    }

    private View next(View before) {
        List<Change> changes = new ArrayList<>(before.changes());
        List<MissionRecord> page;
        long version = before.version();
        do {
            page = missions.changes(version, PAGE);
            page.forEach(row -> changes.add(change(row)));
            version = page.isEmpty() ? version : page.getLast().version();
        } while (page.size() >= PAGE);
        long base = before.base();
        if (changes.size() > KEPT) {
            base = changes.get(changes.size() - KEPT - 1).version();
            changes.subList(0, changes.size() - KEPT).clear();
        }
        return new View(true, base, version, changes);
    }
}
