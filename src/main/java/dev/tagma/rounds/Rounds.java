package dev.tagma.rounds;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * Repeats a round on a thread of its own: soon after a hint, and after a pause without one. Rounds never overlap, and trouble ends a
 * round, never the rounds.
 */
public final class Rounds implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Rounds.class.getName());

    private final Pace pace;
    private final BooleanSupplier round;
    private final Predicate<Throwable> passing;
    private final Bell hints = new Bell();
    private final Thread thread;
    private volatile boolean closed;
    private boolean waiting;

    /**
     * Rounds that begin with {@link #start}.
     *
     * @param name of the thread, and in the log
     * @param round answers whether it found work and wants to go on after a breath
     * @param passing tells trouble that passes by itself, such as a database that is away, from a bug
     */
    public Rounds(String name, Pace pace, BooleanSupplier round, Predicate<Throwable> passing) {
        this.pace = pace;
        this.round = round;
        this.passing = passing;
        this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
    }

    /** Rounds that wait after each one. */
    public static Rounds each(String name, Pace pace, Runnable round, Predicate<Throwable> passing) {
        return new Rounds(
                name,
                pace,
                () -> {
                    round.run();
                    return false;
                },
                passing);
    }

    /** Begins with a first round at once; to be called once. */
    public void start() {
        thread.start();
    }

    /** The next round begins as soon as it may: what changed before this call is seen by it. */
    public void hint() {
        hints.ring();
    }

    /** No round begins any more; one that is in work ends by itself. */
    @Override
    public void close() {
        closed = true;
        hints.ring();
    }

    /** The same, and a round that is in work is interrupted. */
    public void cancel() {
        close();
        thread.interrupt();
    }

    /** Returns once no round is in work after {@link #close}; interrupts of the caller wait until then. */
    public void join() {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!closed && !Thread.currentThread().isInterrupted()) {
            long seen = hints.rings();
            boolean busy = again();
            try {
                Thread.sleep(pace.breath());
            } catch (InterruptedException e) {
                return;
            }
            if (!busy && !closed) {
                hints.await(seen, pace.pause());
            }
        }
    }

    /** Errors are a round's trouble too: a process that goes on without its rounds is worse than one that tries again. */
    private boolean again() {
        try {
            boolean busy = round.getAsBoolean();
            waiting = false;
            return busy;
        } catch (RuntimeException | Error e) {
            if (passing.test(e)) {
                // an outage of hours is one line, not one each second
                LOG.log(waiting ? Level.DEBUG : Level.INFO, "{0} waits: {1}", thread.getName(), e.getMessage());
                waiting = true;
            } else if (!closed) {
                LOG.log(Level.ERROR, "a round of " + thread.getName() + " failed, the next one tries again", e);
            }
        }
        return false;
    }
}
