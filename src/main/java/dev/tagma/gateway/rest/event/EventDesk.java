package dev.tagma.gateway.rest.event;

import dev.tagma.gateway.access.Authenticator;
import dev.tagma.gateway.access.Authorizer.Deed;
import dev.tagma.gateway.rest.http.Bodies;
import dev.tagma.gateway.rest.http.Parameters;
import dev.tagma.gateway.rest.http.Permits;
import dev.tagma.gateway.rest.http.RestLimits;
import dev.tagma.gateway.rest.resource.MissionIndex;
import dev.tagma.gateway.rest.resource.Runs;
import dev.tagma.mission.Hints;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.MissionStore;
import dev.tagma.mission.StepLog;
import dev.tagma.mission.StoreUnavailableException;
import dev.tagma.rounds.Pace;
import dev.tagma.rounds.Rounds;
import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ThreadFactory;

/** Streams of events on behalf of callers. */
public final class EventDesk implements AutoCloseable {
    private static final String WATCH = "watch";
    /** A tenth of what an event may take; a second where the hint was lost. */
    private static final Pace LOOKS = new Pace(Duration.ofSeconds(1), Duration.ofMillis(10));

    private static final String MISSIONS = "missions";

    private final ThreadFactory threads = Thread.ofVirtual().name("events-", 0).factory();
    private final Permits permits;
    private final Runs runs;
    private final EventJson json;
    private final ChangeFeed feed;
    private final Recheck.Asked asked;
    private final Telling.Pace pace;
    private final Streams streams;
    private final Channels channels;
    private final Hints.Subscription hints;
    private volatile boolean stopping;

    /** What is looked at once a hint, or a second, tells to. */
    public record Sources(
            Runs runs, MissionIndex index, MissionStore missions, StepLog steps, Hints hints, LiveReplies replies) {}

    /** Streams to whom {@code authenticator} knows and {@code permits} lets watch: asked for when they begin, and again while they last. */
    public EventDesk(Authenticator authenticator, Permits permits, Sources sources, RestLimits limits) {
        this.permits = permits;
        this.runs = sources.runs();
        this.json = new EventJson(Bodies.mapper());
        this.channels = new Channels(
                new MissionChannel.Sources(runs, sources.steps(), sources.index(), sources.replies(), json));
        this.feed = new ChangeFeed(sources.missions(), json);
        this.asked = new Recheck.Asked(authenticator, permits, System::nanoTime, limits.recheck());
        this.pace = new Telling.Pace(limits.heartbeat(), () -> stopping, System::nanoTime);
        this.streams = new Streams(limits);
        this.hints = sources.hints().subscribe(Hints.Topic.Mission, this::hint);
        sources.index().listen(item -> hint(item.uid()));
    }

    static Rounds rounds(String name, Runnable look) {
        return Rounds.each(name, LOOKS, look, StoreUnavailableException.class::isInstance);
    }

    /** Streams that are open. */
    public int open() {
        return streams.open();
    }

    /** Events of this name that were sent. */
    public long told(MissionEvent.Type type) {
        return streams.told(type);
    }

    Multi<OutboundSseEvent> mission(Watcher watcher, String namespace, String name, String last, Sse sse) {
        Deed deed = new Deed(WATCH, MISSIONS, Parameters.namespace(namespace), Parameters.name(name));
        permits.require(watcher.caller(), deed);
        EventId from = last == null ? null : EventId.of(last);
        StreamCount count = streams.count(watcher.caller().user());
        Runs.Found found = runs.find(namespace, name);
        if (from != null && found.row() != null && told(found.row(), from)) {
            throw new WebApplicationException(Response.noContent().build());
        }
        MissionChannel.Key key = new MissionChannel.Key(namespace, name, found.uid());
        UUID run = found.row() == null ? found.uid() : found.row().uid();
        Deed reading = new Deed("get", "missions/transcript", namespace, name);
        Recheck recheck = new Recheck(asked, watcher, deed, permits.given(watcher.caller(), reading) ? reading : null);
        return multi(sse, new EventStream(threads, () -> join(key, run, recheck, from), count));
    }

    private EventStream.Teller join(MissionChannel.Key key, UUID run, Recheck recheck, EventId from) {
        Channels.Seat seat = channels.seat(key, run, recheck.reads());
        return new MissionTeller(
                seat, json, new Telling(pace, recheck, seat.channel().bell()), from);
    }

    private static boolean told(MissionRecord row, EventId id) {
        return row.phase().terminal()
                && id.version() == row.version()
                && id.seq() >= row.head().seq();
    }

    Multi<OutboundSseEvent> namespace(Watcher watcher, String namespace, String last, Sse sse) {
        Deed deed = new Deed(WATCH, MISSIONS, Parameters.namespace(namespace), "");
        permits.require(watcher.caller(), deed);
        long from = last == null ? -1 : EventId.version(last);
        StreamCount count = streams.count(watcher.caller().user());
        Telling telling = new Telling(pace, new Recheck(asked, watcher, deed, null), feed.bell());
        return multi(
                sse,
                new EventStream(
                        threads,
                        () -> {
                            feed.join();
                            return new NamespaceTeller(feed, namespace, json, telling, from, feed::leave);
                        },
                        count));
    }

    private Multi<OutboundSseEvent> multi(Sse sse, EventStream stream) {
        return Multi.createFrom().publisher(stream).map(sent -> {
            streams.tell(sent.type());
            return event(sse, sent);
        });
    }

    private static OutboundSseEvent event(Sse sse, Sent sent) {
        OutboundSseEvent.Builder event = sse.newEventBuilder();
        if (sent.type() == null) {
            return event.comment("").build();
        }
        if (sent.id() != null) {
            event.id(sent.id());
        }
        return event.name(sent.type().name())
                .mediaType(MediaType.TEXT_PLAIN_TYPE)
                .data(String.class, sent.json())
                .build();
    }

    private void hint(String key) {
        feed.hint();
        if (key.equals(Hints.ANY)) {
            channels.hint();
            return;
        }
        try {
            channels.hint(UUID.fromString(key));
        } catch (IllegalArgumentException e) {
            channels.hint();
        }
    }

    /** Every listener is told to come back. */
    @Override
    public void close() {
        stopping = true;
        hints.close();
        channels.ring();
        feed.bell().ring();
    }
}
