package dev.tagma.gateway.rest.event;

import dev.tagma.gateway.ReplyFeed;
import dev.tagma.model.ReplyListener;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The replies that models write at this replica for missions whose listeners may read them. Each replica tells those that it asked for
 * itself: a listener at another one waits for the step.
 */
public final class LiveReplies implements ReplyFeed {
    private final Map<UUID, LiveReply> heard = new ConcurrentHashMap<>();

    @Override
    public ReplyListener listener(UUID mission, long seq) {
        LiveReply reply = heard.get(mission);
        return reply == null ? ReplyListener.NOBODY : reply.begin(seq);
    }

    /** From now on {@code reply} hears what is written for the run. */
    void hear(UUID run, LiveReply reply) {
        heard.put(run, reply);
    }

    /** It does no more. */
    void leave(UUID run, LiveReply reply) {
        heard.remove(run, reply);
    }
}
