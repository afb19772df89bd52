package dev.tagma.operator.mission;

import dev.tagma.mission.Hints;
import dev.tagma.mission.Hints.Topic;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.MissionStore;
import dev.tagma.mission.NewMission;
import dev.tagma.mission.PoolMissions;
import dev.tagma.mission.Reason;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Where missions enter the queue of their pool: one transaction admits all that arrived while the last one was under way, and no more
 * enter than the pool's queue.maxPending leaves room for. Those turned away wait in order, by priority, then age, and are called in
 * when there is room; nobody who comes later is let in before them.
 */
final class AdmissionDesk {
    private static final int AT_ONCE = 500;

    private final MissionStore missions;
    private final PoolMissions pools;
    private final Hints hints;
    private final Consumer<ResourceID> callIn;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition answered = lock.newCondition();
    private final Deque<Ticket> arrived = new ArrayDeque<>();
    private final Map<UUID, Line> lines = new HashMap<>();
    private final Set<UUID> turnedAway = ConcurrentHashMap.newKeySet();
    private boolean busy;

    /** @param callIn told a mission that waits for room when there is some */
    AdmissionDesk(MissionStore missions, PoolMissions pools, Hints hints, Consumer<ResourceID> callIn) {
        this.missions = missions;
        this.pools = pools;
        this.hints = hints;
        this.callIn = callIn;
    }

    /** What becomes of a mission. */
    sealed interface Answer {
        /** It is in the store. */
        record Admitted(MissionRecord row) implements Answer {}

        /** It has to wait. */
        record Full() implements Answer {}

        /** Its UID was deleted: it must not run. */
        record Deleted() implements Answer {}
    }

    /**
     * A mission before the desk.
     *
     * @param created when its resource was
     */
    record Applicant(ResourceID id, NewMission mission, Instant created) {
        private static final Comparator<Applicant> ORDER = Comparator.<Applicant>comparingInt(
                        each -> -each.mission.priority())
                .thenComparing(Applicant::created)
                .thenComparing(each -> each.mission.uid());

        boolean queues() {
            return mission.admittedAs() == Reason.Queued;
        }
    }

    /** Who waits for room in the queue of a pool. */
    private static final class Line {
        final NavigableSet<Applicant> waiting = new TreeSet<>(Applicant.ORDER);
        int maxPending;
    }

    private static final class Ticket {
        final Applicant applicant;
        final int maxPending;
        Answer answer;
        RuntimeException trouble;

        Ticket(Applicant applicant, int maxPending) {
            this.applicant = applicant;
            this.maxPending = maxPending;
        }

        boolean done() {
            return answer != null || trouble != null;
        }
    }

    /** Returns when it is decided. Throws {@link dev.tagma.mission.StoreUnavailableException} where the store does not answer. */
    Answer enter(Applicant applicant, int maxPending) {
        Ticket ticket = new Ticket(applicant, maxPending);
        lock.lock();
        try {
            arrived.add(ticket);
            while (!ticket.done()) {
                if (busy) {
                    answered.awaitUninterruptibly();
                } else {
                    serve();
                }
            }
        } finally {
            lock.unlock();
        }
        if (ticket.trouble != null) {
            throw ticket.trouble;
        }
        return ticket.answer;
    }

    /** Serves those who have arrived, without the lock; called with it. */
    private void serve() {
        List<Ticket> batch = new ArrayList<>();
        while (!arrived.isEmpty() && batch.size() < AT_ONCE) {
            batch.add(arrived.poll());
        }
        busy = true;
        lock.unlock();
        try {
            judge(batch);
        } catch (RuntimeException e) {
            refuse(batch, e);
        } catch (Error e) {
            // Whoever stood before the desk would stand there for ever.
            refuse(batch, new IllegalStateException("admission broke off", e));
        } finally {
            lock.lock();
            busy = false;
            answered.signalAll();
        }
    }

    private static void refuse(List<Ticket> batch, RuntimeException trouble) {
        batch.stream().filter(ticket -> !ticket.done()).forEach(ticket -> ticket.trouble = trouble);
    }

    private void judge(List<Ticket> batch) {
        Map<UUID, List<Ticket>> byPool = new LinkedHashMap<>();
        List<Ticket> entering = new ArrayList<>();
        for (Ticket ticket : batch) {
            if (ticket.applicant.queues()) {
                byPool.computeIfAbsent(ticket.applicant.mission.pool(), pool -> new ArrayList<>())
                        .add(ticket);
            } else {
                entering.add(ticket);
            }
        }
        byPool.forEach((pool, tickets) -> {
            int room = tickets.getFirst().maxPending - pools.count(pool).queued();
            entering.addAll(first(pool, tickets, room));
        });
        admit(entering);
        byPool.keySet().forEach(pool -> hints.changed(Topic.Queue, pool.toString()));
    }

    /** Those of the tickets that are among the first of all who want to enter the pool; the others wait. */
    private List<Ticket> first(UUID pool, List<Ticket> tickets, int room) {
        lock.lock();
        try {
            Line line = lines.computeIfAbsent(pool, key -> new Line());
            line.maxPending = tickets.getFirst().maxPending;
            tickets.forEach(ticket -> line.waiting.add(ticket.applicant));
            List<Applicant> chosen =
                    line.waiting.stream().limit(Math.max(0, room)).toList();
            TreeSet<Applicant> lucky = new TreeSet<>(Applicant.ORDER);
            lucky.addAll(chosen);
            List<Ticket> entering = new ArrayList<>();
            for (Ticket ticket : tickets) {
                if (lucky.contains(ticket.applicant)) {
                    line.waiting.remove(ticket.applicant);
                    turnedAway.remove(ticket.applicant.mission.uid());
                    entering.add(ticket);
                } else {
                    turnedAway.add(ticket.applicant.mission.uid());
                    ticket.answer = new Answer.Full();
                }
            }
            lines.values().removeIf(each -> each.waiting.isEmpty());
            return entering;
        } finally {
            lock.unlock();
        }
    }

    private void admit(List<Ticket> entering) {
        try {
            store(entering);
        } catch (IllegalStateException e) {
            // One that the store refuses keeps no other out.
            for (Ticket ticket : entering) {
                try {
                    store(List.of(ticket));
                } catch (IllegalStateException own) {
                    ticket.trouble = own;
                }
            }
        }
    }

    private void store(List<Ticket> entering) {
        Map<UUID, MissionRecord> rows = new HashMap<>();
        missions.admit(entering.stream().map(ticket -> ticket.applicant.mission).toList())
                .forEach(row -> rows.put(row.uid(), row));
        for (Ticket ticket : entering) {
            MissionRecord row = rows.get(ticket.applicant.mission.uid());
            ticket.answer = row == null ? new Answer.Deleted() : new Answer.Admitted(row);
        }
    }

    /** The mission does not want to enter any more. */
    void leave(UUID uid) {
        if (!turnedAway.remove(uid)) {
            return;
        }
        lock.lock();
        try {
            lines.values()
                    .forEach(line ->
                            line.waiting.removeIf(each -> each.mission.uid().equals(uid)));
            lines.values().removeIf(each -> each.waiting.isEmpty());
        } finally {
            lock.unlock();
        }
    }

    /** Whether the mission was turned away and is called when there is room. */
    boolean holds(UUID uid) {
        return turnedAway.contains(uid);
    }

    /** Calls the first of each line, who finds out what has become of the pool: how many may wait there, or whether it is there at all. */
    void callFirst() {
        for (UUID pool : limits().keySet()) {
            head(pool, 1).forEach(each -> callIn.accept(each.id));
        }
    }

    /** Calls in as many as there is room for; to be repeated. */
    void callIn() {
        for (Map.Entry<UUID, Integer> pool : limits().entrySet()) {
            int room = pool.getValue() - pools.count(pool.getKey()).queued();
            head(pool.getKey(), Math.min(room, AT_ONCE)).forEach(each -> callIn.accept(each.id));
        }
    }

    private Map<UUID, Integer> limits() {
        lock.lock();
        try {
            Map<UUID, Integer> limits = new HashMap<>();
            lines.forEach((pool, line) -> limits.put(pool, line.maxPending));
            return limits;
        } finally {
            lock.unlock();
        }
    }

    private List<Applicant> head(UUID pool, int room) {
        lock.lock();
        try {
            Line line = lines.get(pool);
            return line == null
                    ? List.of()
                    : line.waiting.stream().limit(Math.max(0, room)).toList();
        } finally {
            lock.unlock();
        }
    }
}
