package dev.tagma.store;

import dev.tagma.mission.StoreUnavailableException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes what many callers bring in few transactions: one committer writes all that arrived while it wrote the last group, a second
 * joins above {@link Limits#secondJoinsAt} waiting. There is no waiting for company and no thread while nothing is to be done.
 *
 * <p>A group holds at most one item of a key, and no key is in two groups at once. A group that one bad item aborts is halved until
 * that item is alone, so that nobody else fails with it.
 */
final class GroupCommitter<Q extends GroupCommitter.Item, A> {
    private static final int CROSSED_ATTEMPTS = 3;

    private final Executor threads;
    private final Writer<Q, A> writer;
    private final Limits limits;
    private final Semaphore room;

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Waiting<Q, A>> queue = new ArrayDeque<>();
    private final Set<Long> inFlight = new HashSet<>();
    private int active;

    GroupCommitter(Executor threads, Writer<Q, A> writer, Limits limits) {
        this.threads = threads;
        this.writer = writer;
        this.limits = limits;
        this.room = new Semaphore(limits.queueKibibytes(), true);
    }

    /**
     * Waits until the item is written and answers what the writer says of it. Throws IllegalStateException where the item itself is
     * refused, and {@link StoreUnavailableException} where the outcome is unknown.
     */
    A submit(Q item) {
        int size = Math.clamp(item.bytes() / 1024, 4, limits.queueKibibytes());
        Waiting<Q, A> waiting = new Waiting<>(item, new CompletableFuture<>());
        try {
            if (!room.tryAcquire(size, limits.patience().toNanos(), TimeUnit.NANOSECONDS)) {
                throw new StoreUnavailableException(
                        "too much waits to be written, nothing moved for " + limits.patience(), null);
            }
            // Only the answer makes room again: a caller that gives up leaves its item behind.
            waiting.answer.whenComplete((answer, failure) -> room.release(size));
            enqueue(waiting);
            return waiting.answer.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("interrupted while the store was writing", e);
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        }
    }

    private static RuntimeException failure(Throwable cause) {
        return cause instanceof SQLException e
                ? Trouble.translate(e)
                : new IllegalStateException("a group could not be written: " + cause.getMessage(), cause);
    }

    private void enqueue(Waiting<Q, A> waiting) {
        lock.lock();
        boolean wanted;
        try {
            queue.addLast(waiting);
            wanted = active == 0 || active == 1 && limits.committers() > 1 && queue.size() > limits.secondJoinsAt();
            if (wanted) {
                active++;
            }
        } finally {
            lock.unlock();
        }
        if (wanted) {
            threads.execute(this::drain);
        }
    }

    private void drain() {
        List<Waiting<Q, A>> group = List.of();
        boolean left = false;
        try {
            do {
                group = next(group);
                write(group);
                left = group.isEmpty();
            } while (!left);
        } finally {
            if (!left) {
                abandon(group);
            }
        }
    }

    /** Ends the flight of the last group and begins the next; an empty one sends the committer home. */
    private List<Waiting<Q, A>> next(List<Waiting<Q, A>> last) {
        lock.lock();
        try {
            last.forEach(done -> inFlight.remove(done.item.key()));
            List<Waiting<Q, A>> group = new ArrayList<>();
            if (active == 1 || queue.size() > limits.secondJoinsAt()) {
                take(group);
            }
            if (group.isEmpty()) {
                active--;
            }
            return group;
        } finally {
            lock.unlock();
        }
    }

    private void take(List<Waiting<Q, A>> group) {
        int rows = 0;
        long bytes = 0;
        for (Iterator<Waiting<Q, A>> each = queue.iterator(); each.hasNext(); ) {
            Waiting<Q, A> waiting = each.next();
            rows += waiting.item.rows();
            bytes += waiting.item.bytes();
            if (!group.isEmpty() && (rows > limits.rows() || bytes > limits.bytes())) {
                return;
            }
            if (inFlight.add(waiting.item.key())) {
                each.remove();
                group.add(waiting);
            }
        }
    }

    private void write(List<Waiting<Q, A>> group) {
        for (int attempt = 1; !group.isEmpty(); attempt++) {
            try {
                List<A> answers = writer.write(group.stream().map(Waiting::item).toList());
                for (int i = 0; i < group.size(); i++) {
                    group.get(i).answer.complete(answers.get(i));
                }
                return;
            } catch (SQLException e) {
                switch (Trouble.of(e)) {
                    case Away -> fail(group, e);
                    case Crossed -> {
                        if (attempt < CROSSED_ATTEMPTS) {
                            continue;
                        }
                        fail(group, e);
                    }
                    case Wrong -> halve(group, e);
                }
                return;
            }
        }
    }

    private void halve(List<Waiting<Q, A>> group, SQLException e) {
        if (group.size() == 1) {
            fail(group, e);
            return;
        }
        write(group.subList(0, group.size() / 2));
        write(group.subList(group.size() / 2, group.size()));
    }

    private static <Q, A> void fail(List<Waiting<Q, A>> group, Exception e) {
        group.forEach(waiting -> waiting.answer.completeExceptionally(e));
    }

    /** The writer broke: its group learns of it, and what waits gets another committer. */
    private void abandon(List<Waiting<Q, A>> group) {
        fail(group, new IllegalStateException("the committer broke off"));
        lock.lock();
        boolean more;
        try {
            group.forEach(waiting -> inFlight.remove(waiting.item.key()));
            more = !queue.isEmpty();
            if (!more) {
                active--;
            }
        } finally {
            lock.unlock();
        }
        if (more) {
            threads.execute(this::drain);
        }
    }

    /** What is written. */
    interface Item {
        /** Two items of the same key never share a group. */
        long key();

        int rows();

        long bytes();
    }

    /** Writes a group in one transaction, at best; answers in the order of the items. */
    @FunctionalInterface
    interface Writer<Q, A> {
        List<A> write(List<Q> group) throws SQLException;
    }

    /**
     * How much at a time.
     *
     * @param committers 1 or 2
     * @param secondJoinsAt how many must wait for the second committer to join
     * @param rows in a group
     * @param bytes in a group; a larger item goes alone
     * @param queueKibibytes how much may wait; an item counts for at least 4
     * @param patience how long a caller waits for room in the queue
     */
    record Limits(int committers, int secondJoinsAt, int rows, long bytes, int queueKibibytes, Duration patience) {}

    private record Waiting<Q, A>(Q item, CompletableFuture<A> answer) {}
}
