package dev.tagma.agent;

import java.util.concurrent.Callable;

/**
 * The reins of one mission: others pull them, its own thread obeys. The thread is interrupted only while it waits for a model, a tool or
 * the time to pass, never in the middle of a commit, so that no connection is lost by it. Thread-safe.
 */
public final class MissionControl {
    /** Why a wait is ended, in rising order: a later cause overrules an earlier one, and each is obeyed once. */
    enum Cause {
        /** The mission's clock has run out. */
        Deadline,
        /** The runtime has waited long enough for the step in work. */
        HandBack,
        /** The mission is another's by now: nothing of it can be stored any more. */
        Stop
    }

    private Thread waiting;
    private Cause cause;
    private Cause obeyed;
    private boolean draining;

    /** Let the mission finish its step in work, then hand it back. */
    public synchronized void drain() {
        draining = true;
    }

    /** Hand the mission back now; the step in work is lost. */
    public void handBack() {
        raise(Cause.HandBack);
    }

    /** End at once, without a word to the gateway. */
    public void stop() {
        raise(Cause.Stop);
    }

    void deadline() {
        raise(Cause.Deadline);
    }

    synchronized boolean draining() {
        return draining;
    }

    private synchronized void raise(Cause raised) {
        boolean overrules = cause == null || raised.compareTo(cause) > 0;
        boolean news = obeyed == null || raised.compareTo(obeyed) > 0;
        if (overrules && news) {
            cause = raised;
            if (waiting != null) {
                waiting.interrupt();
            }
        }
    }

    /** Takes the cause for which a wait was ended. Stop is never used up. */
    synchronized Cause obey() {
        Cause taken = cause == null ? Cause.Stop : cause;
        obeyed = taken;
        cause = taken == Cause.Stop ? Cause.Stop : null;
        return taken;
    }

    /** Throws InterruptedException where a cause is waiting to be obeyed. */
    synchronized void check() throws InterruptedException {
        if (cause != null) {
            throw new InterruptedException(cause.name());
        }
    }

    /** Runs a wait of the mission's own thread. Whatever it throws after a rein was pulled counts as its end. */
    <T> T waitFor(Callable<T> wait) throws InterruptedException {
        enter();
        try {
            return wait.call();
        } catch (InterruptedException e) {
            throw e;
        } catch (RuntimeException e) {
            check();
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("a wait throws nothing checked", e);
        } finally {
            leave();
        }
    }

    private synchronized void enter() throws InterruptedException {
        check();
        waiting = Thread.currentThread();
    }

    private synchronized void leave() {
        waiting = null;
        // an interrupt that came too late must not hit a commit; its cause is found by the next wait
        Thread.interrupted();
    }
}
