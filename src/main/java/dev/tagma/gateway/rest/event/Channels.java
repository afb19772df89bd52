package dev.tagma.gateway.rest.event;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** The channels of missions that are listened to, each there for as long as it has listeners. */
final class Channels {
    private final MissionChannel.Sources sources;
    private final Map<UUID, MissionChannel> open = new ConcurrentHashMap<>();

    Channels(MissionChannel.Sources sources) {
        this.sources = sources;
    }

    /**
     * A seat at the mission's channel, to be left.
     *
     * @param run the UID under which the store knows, or will know, the mission
     * @param reads whether the listener may hear what is said
     */
    Seat seat(MissionChannel.Key key, UUID run, boolean reads) {
        MissionChannel channel = open.compute(key.uid(), (_, there) -> {
            MissionChannel joined = there == null ? new MissionChannel(key, run, sources) : there;
            joined.join();
            if (reads) {
                joined.read();
            }
            return joined;
        });
        return new Seat(channel, reads);
    }

    /** Something of the run changed. */
    void hint(UUID run) {
        MissionChannel channel = open.get(run);
        if (channel != null) {
            channel.hint();
        }
    }

    /** Something changed. */
    void hint() {
        open.values().forEach(MissionChannel::hint);
    }

    /** Wakes every listener. */
    void ring() {
        open.values().forEach(channel -> channel.bell().ring());
    }

    /** One listener's place at a channel; used by its thread alone. */
    final class Seat {
        private final MissionChannel channel;
        private boolean reads;

        private Seat(MissionChannel channel, boolean reads) {
            this.channel = channel;
            this.reads = reads;
        }

        MissionChannel channel() {
            return channel;
        }

        /** What a model is writing, or null where the listener may not hear it. */
        LiveReply reply() {
            return reads ? channel.reply() : null;
        }

        void stopReading() {
            if (reads) {
                reads = false;
                open.computeIfPresent(channel.key().uid(), (_, there) -> {
                    there.stopReading();
                    return there;
                });
            }
        }

        void leave() {
            stopReading();
            open.computeIfPresent(channel.key().uid(), (_, there) -> there.leave() ? null : there);
        }
    }
}
