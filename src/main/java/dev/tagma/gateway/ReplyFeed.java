package dev.tagma.gateway;

import dev.tagma.model.ReplyListener;
import java.util.UUID;

/** Where the text of replies goes while models write it: to whoever listens to the mission at this replica. */
@FunctionalInterface
public interface ReplyFeed {
    /** Nobody listens to anything. */
    ReplyFeed NONE = (mission, seq) -> ReplyListener.NOBODY;

    /**
     * Who is told of the reply that is to become step {@code seq} of the mission; {@link ReplyListener#NOBODY} where nobody listens. A
     * reply that does not become that step is {@linkplain ReplyListener#restarted restarted} in the end. Never blocks.
     */
    ReplyListener listener(UUID mission, long seq);
}
