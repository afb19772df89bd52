package dev.tagma.gateway;

import dev.tagma.model.ReplyListener;
import java.util.UUID;

/** Where the text of replies goes while models write it: to whoever watches the mission at this replica. */
@FunctionalInterface
public interface ReplyFeed {
    /** Nobody watches anything. */
    ReplyFeed NONE = mission -> ReplyListener.NOBODY;

    /** Who is told of the mission's next reply; {@link ReplyListener#NOBODY} where nobody watches. Never blocks. */
    ReplyListener listener(UUID mission);
}
