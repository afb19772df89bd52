package dev.tagma.gateway.rest.event;

import dev.tagma.gateway.rest.event.MissionEvent.Reply;
import dev.tagma.model.ReplyListener;
import dev.tagma.rounds.Bell;
import dev.tagma.rounds.Pace;
import dev.tagma.rounds.Rounds;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The reply that a model is writing for a mission, kept once for all its listeners: each asks for what it has not heard yet when it is
 * ready to, so that a slow one hears in a few large pieces what a fast one hears in many small ones.
 */
final class LiveReply implements AutoCloseable {
    /** Most of a reply that is told before it is a step, in UTF-16 units; the step has all of it. */
    static final int MOST = 32 << 10;

    /** What is written within a breath is one event. No hint is ever lost here, so that the pause is for nothing. */
    private static final Pace PACE = new Pace(Duration.ofHours(1), Duration.ofMillis(100));

    private final ReentrantLock lock = new ReentrantLock();
    private final Rounds telling;
    private StringBuilder text = new StringBuilder();
    private long seq;
    private long attempt;

    /** {@code news} rings where there is more of it. */
    LiveReply(Bell news) {
        this.telling = Rounds.each("replies of a mission", PACE, news::ring, trouble -> false);
        telling.start();
    }

    /**
     * How much a listener has heard.
     *
     * @param attempt to write a reply, by whichever model
     */
    record Heard(long seq, long attempt, int length) {
        static final Heard NOTHING = new Heard(0, 0, 0);
    }

    /** What a listener has not heard yet, and how much it has heard with it. */
    record Piece(Reply reply, Heard heard) {}

    /** A model begins to write what is to become step {@code next}; whoever still writes is not heard any more. */
    ReplyListener begin(long next) {
        lock.lock();
        try {
            seq = next;
            return new Writer(again());
        } finally {
            lock.unlock();
        }
    }

    /** Steps up to {@code last} are committed: what was to become one of them is told as that. */
    void committed(long last) {
        lock.lock();
        try {
            if (seq <= last && !text.isEmpty()) {
                text = new StringBuilder();
            }
        } finally {
            lock.unlock();
        }
    }

    /** What is new to a listener that knows the steps up to {@code known}, or null where nothing is. */
    Piece after(Heard heard, long known) {
        lock.lock();
        try {
            if (seq <= known) {
                return null;
            }
            boolean same = heard.attempt() == attempt;
            boolean withdrawn = !same && heard.seq() == seq && heard.length() > 0;
            int from = same ? heard.length() : 0;
            int end = end();
            return end > from || withdrawn
                    ? new Piece(new Reply(seq, from, text.substring(from, end)), new Heard(seq, attempt, end))
                    : null;
        } finally {
            lock.unlock();
        }
    }

    /** Half of a character waits for its other half. */
    private int end() {
        int length = text.length();
        return length > 0 && Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length;
    }

    private long again() {
        text = new StringBuilder();
        telling.hint();
        return ++attempt;
    }

    @Override
    public void close() {
        telling.close();
    }

    /** Who writes, as long as nobody else began. */
    private final class Writer implements ReplyListener {
        private long mine;

        Writer(long mine) {
            this.mine = mine;
        }

        @Override
        public void wrote(String piece) {
            lock.lock();
            try {
                if (mine == attempt) {
                    text.append(piece, 0, Math.min(piece.length(), MOST - text.length()));
                }
            } finally {
                lock.unlock();
            }
            telling.hint();
        }

        @Override
        public void restarted() {
            lock.lock();
            try {
                if (mine == attempt) {
                    mine = again();
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
