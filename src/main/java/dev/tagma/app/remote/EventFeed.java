package dev.tagma.app.remote;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tagma.app.fleet.Fleet.Changes;
import dev.tagma.app.fleet.FleetException;
import dev.tagma.mission.MissionRecord;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Follows the event streams of namespaces, each on a thread of its own, and goes on behind the last event wherever a stream breaks. A
 * stream that is refused stays away: who reads the feed looks at the missions now and then anyway.
 */
final class EventFeed implements Changes {
    private static final Logger LOG = System.getLogger(EventFeed.class.getName());
    private static final long PAUSE_MILLIS = 500;
    private static final int KEPT = 100_000;

    private final GatewayClient gateway;
    private final ConcurrentLinkedQueue<MissionRecord> news = new ConcurrentLinkedQueue<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();

    EventFeed(GatewayClient gateway, Set<String> namespaces) {
        this.gateway = gateway;
        namespaces.forEach(namespace ->
                threads.add(Thread.ofVirtual().name("events-" + namespace).start(() -> follow(namespace))));
    }

    @Override
    public List<MissionRecord> next() {
        List<MissionRecord> all = new ArrayList<>();
        for (MissionRecord row = news.poll(); row != null; row = news.poll()) {
            all.add(row);
        }
        return all;
    }

    private void follow(String namespace) {
        String path = "/api/v1alpha1/namespaces/" + namespace + "/events";
        String last = null;
        try {
            do {
                last = read(path, last);
            } while (!closing.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS));
        } catch (FleetException e) {
            LOG.log(Level.INFO, "no events of namespace {0}: {1}", namespace, e.getMessage());
        } catch (InterruptedException e) {
            // closed
        }
    }

    /** Reads one stream to its end; answers the last id. */
    private String read(String path, String from) throws InterruptedException {
        String last = from;
        try {
            Optional<InputStream> stream = gateway.events(path, last);
            if (stream.isEmpty()) {
                return last;
            }
            try (InputStream in = stream.get()) {
                EventReader reader = new EventReader(in);
                for (EventReader.Event event = reader.next(); event != null; event = reader.next()) {
                    last = event.id() == null ? last : event.id();
                    take(event);
                }
            }
        } catch (FleetException e) {
            if (e.kind() == FleetException.Kind.Refused) {
                throw e;
            }
            LOG.log(Level.INFO, "the events of {0} are asked for again: {1}", path, e.getMessage());
        } catch (IOException e) {
            LOG.log(Level.INFO, "the events of {0} broke off: {1}", path, e.getMessage());
        }
        return last;
    }

    private void take(EventReader.Event event) throws IOException {
        if (!event.name().equals("transition") || news.size() >= KEPT) {
            return;
        }
        JsonNode json = GatewayClient.JSON.readTree(event.data());
        news.add(MissionJson.of(MissionJson.Name.of(json), json.path("status"), Instant.EPOCH));
    }

    @Override
    public void close() {
        closing.countDown();
        threads.forEach(Thread::interrupt);
    }
}
