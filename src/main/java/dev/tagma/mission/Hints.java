package dev.tagma.mission;

import java.util.function.Consumer;

/**
 * Tells others that something changed, so that they look at once and not in their next round. The tables are the truth and this is a
 * hint: one that is lost, doubled or late does no harm, and everything works without.
 */
public interface Hints {
    /** A key that stands for all of its topic: after hints may have been lost. */
    String ANY = "*";

    /** What a hint is about. */
    enum Topic {
        /** Something may be bound; the key is a pool's UID. */
        Queue,
        /** A mission changed, or has new steps; the key is its UID. */
        Mission,
        /** An instance got missions or lost some; the key is its number. */
        Instance
    }

    /** Says that {@code key} changed: at most 100 characters. Never blocks, never fails. */
    void changed(Topic topic, String key);

    /** Tells {@code listener} the keys that change from now on, or {@link #ANY}. It is called from any thread and must not block. */
    Subscription subscribe(Topic topic, Consumer<String> listener);

    /** Lasts until it is closed. */
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
