package dev.tagma.gateway.rest.event;

import dev.tagma.gateway.rest.resource.MissionIndex;
import dev.tagma.gateway.rest.resource.MissionItem;
import dev.tagma.gateway.rest.resource.Runs;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.Step;
import dev.tagma.mission.StepLog;
import dev.tagma.rounds.Bell;
import dev.tagma.rounds.Rounds;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** One mission as its listeners see it: read once for all of them, however many they are. */
final class MissionChannel {
    /** Most steps that are kept for listeners; whoever is further behind reads the log. */
    static final int KEPT = 256;

    private static final int PAGE = 200;

    private final Key key;
    private final UUID run;
    private final Sources sources;
    private final Rounds rounds = EventDesk.rounds("events of a mission", this::look);
    private final Bell news = new Bell();
    private final AtomicInteger listeners = new AtomicInteger();
    private int readers;
    private volatile LiveReply reply;
    private boolean listed;
    private volatile View view = View.NOTHING;

    /** {@code run} is the UID under which the store knows, or will know, the mission. */
    MissionChannel(Key key, UUID run, Sources sources) {
        this.key = key;
        this.run = run;
        this.sources = sources;
    }

    /** The mission's object. */
    record Key(String namespace, String name, UUID uid) {}

    /** Where a channel looks. */
    record Sources(Runs runs, StepLog log, MissionIndex index, LiveReplies replies, EventJson json) {}

    /**
     * What was seen at one moment.
     *
     * @param looked whether there was a look yet
     * @param row null before the mission was admitted
     * @param transition the row as an event; before it was admitted, the object's status
     * @param marker changes where {@code transition} does
     * @param base of {@code steps}: the sequence before the first one
     * @param deleted whether the object is gone
     */
    record View(
            boolean looked,
            MissionRecord row,
            String transition,
            String marker,
            long base,
            List<StepMark> steps,
            boolean deleted) {
        static final View NOTHING = new View(false, null, null, "", 0, List.of(), false);

        View {
            steps = List.copyOf(steps);
        }

        long last() {
            return steps.isEmpty() ? base : steps.getLast().seq();
        }
    }

    Key key() {
        return key;
    }

    /** One listener more. */
    void join() {
        if (listeners.getAndIncrement() == 0) {
            rounds.start();
        }
    }

    /** One listener less; true where it was the last. */
    boolean leave() {
        if (listeners.decrementAndGet() > 0) {
            return false;
        }
        rounds.close();
        return true;
    }

    /** One of the listeners hears what is said, too. Never two at a time, as {@link #stopReading}. */
    void read() {
        if (readers++ == 0) {
            reply = new LiveReply(news);
            sources.replies().hear(run, reply);
        }
    }

    /** It does no more. */
    void stopReading() {
        if (--readers == 0) {
            sources.replies().leave(run, reply);
            reply.close();
            reply = null;
        }
    }

    /** What a model is writing; null where no listener may hear it. */
    LiveReply reply() {
        return reply;
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

    /** Steps behind {@code seq}: from here, or from the log where they are not kept any more. */
    List<StepMark> steps(View seen, long seq) {
        if (seq >= seen.base()) {
            int from = (int) Math.min(seq - seen.base(), seen.steps().size());
            return seen.steps().subList(from, seen.steps().size());
        }
        return sources.log().read(seen.row().id(), seq, PAGE).stream()
                .map(StepMark::of)
                .toList();
    }

    private void look() {
        View before = view;
        MissionItem item = sources.index().item(key.namespace(), key.name());
        boolean present = item != null && item.uid().equals(key.uid().toString());
        listed |= present;
        // the row before its steps: once the row has ended, all its steps are there
        MissionRecord row = row();
        boolean sameRow = row != null
                && before.row() != null
                && row.version() == before.row().version();
        String marker = row != null ? "row " + row.version() : present ? "object " + item.resourceVersion() : "";
        String transition = sameRow || marker.equals(before.marker())
                ? before.transition()
                : row != null
                        ? sources.json().transition(row)
                        : present ? sources.json().pending(item) : null;
        View after = steps(
                new View(true, row, transition, marker, before.base(), before.steps(), listed && !present), before);
        view = after;
        LiveReply heard = reply;
        if (heard != null) {
            heard.committed(after.last());
        }
        if (!marker.equals(before.marker())
                || after.last() != before.last()
                || after.deleted() != before.deleted()
                || !before.looked()) {
            news.ring();
        }
    }

    private MissionRecord row() {
        return sources.runs().find(run).orElse(null);
    }

    private View steps(View seen, View before) {
        if (seen.row() == null) {
            return seen;
        }
        long mission = seen.row().id();
        List<StepMark> steps = new ArrayList<>(before.steps());
        long base = before.base();
        if (before.row() == null) {
            List<Step> tail = sources.log().tail(mission).steps();
            base = tail.isEmpty() ? 0 : tail.getFirst().seq() - 1;
            tail.forEach(step -> steps.add(StepMark.of(step)));
        }
        List<Step> page;
        do {
            long last = steps.isEmpty() ? base : steps.getLast().seq();
            page = sources.log().read(mission, last, PAGE);
            page.forEach(step -> steps.add(StepMark.of(step)));
        } while (page.size() == PAGE);
        if (steps.size() > KEPT) {
            base = steps.get(steps.size() - KEPT - 1).seq();
            steps.subList(0, steps.size() - KEPT).clear();
        }
        return new View(true, seen.row(), seen.transition(), seen.marker(), base, steps, seen.deleted());
    }
}
