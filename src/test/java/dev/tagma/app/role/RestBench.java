package dev.tagma.app.role;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tagma.kube.Cluster;
import dev.tagma.store.TestPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** How fast a gateway's REST answers: one replica, a real API server, and callers in this process. */
public final class RestBench implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int WRITERS = 16;
    private static final int WARM_UP = 30;
    private static final int STEPS_TO_WARM_UP = 100;

    private final Cluster cluster = Cluster.shared();
    private final Gateways gateways;
    private final String namespace = cluster.newNamespace("bench");
    private final String missions = "/namespaces/" + namespace + "/missions";
    private final String token;
    private final RestCalls caller;
    private int heard;

    /** Leaves the gateway's log in {@code directory}. */
    public RestBench(Path directory) {
        gateways = new Gateways(
                cluster,
                TestPostgres.shared(),
                directory,
                1,
                Map.of("TAGMA_REST_RATE", "1000000", "TAGMA_REST_BURST", "1000000"));
        token = cluster.config().getOauthToken();
        caller = gateways.calls(0, token);
    }

    /** Sorted nanoseconds of so many lists of a page of 100, each of another order and filter, among so many missions. */
    public long[] listNanos(int count, int lists) {
        create(count);
        List<String> queries = List.of(
                "?limit=100",
                "?limit=100&sort=name",
                "?limit=100&sort=-priority",
                "?limit=100&phase=Pending",
                "?limit=100&agent=a7",
                "?limit=100&labelSelector=team%3Dt3");
        long[] nanos = new long[lists];
        for (int i = -WARM_UP; i < lists; i++) {
            long begun = System.nanoTime();
            RestCalls.Answer answer = caller.get(missions + queries.get(Math.floorMod(i, queries.size())));
            if (answer.status() != 200) {
                throw new IllegalStateException(answer.text());
            }
            if (i >= 0) {
                nanos[i] = System.nanoTime() - begun;
            }
        }
        Arrays.sort(nanos);
        return nanos;
    }

    private void create(int count) {
        AtomicInteger next = new AtomicInteger();
        try (ExecutorService threads = Executors.newFixedThreadPool(WRITERS)) {
            for (int i = 0; i < WRITERS; i++) {
                threads.execute(() -> {
                    for (int n = next.getAndIncrement(); n < count; n = next.getAndIncrement()) {
                        mission("m" + n, n);
                    }
                });
            }
        }
        ThreeRoles.waiting(PATIENCE)
                .until(() ->
                        caller.get(missions + "?limit=1").json().path("total").asInt() >= count);
    }

    private JsonNode mission(String name, int number) {
        RestCalls.Answer answer = caller.post(missions, """
                {"metadata": {"name": "%s", "labels": {"team": "t%d"}},
                 "spec": {"goal": "Estimate the scope 3 emissions of these suppliers.", "agent": "a%d", "priority": %d}}""".formatted(name, number % 10, number % 20, number % 100));
        if (answer.status() != 201) {
            throw new IllegalStateException(answer.text());
        }
        return answer.json();
    }

    /**
     * Sorted nanoseconds from before a step's commit to its event, at each of so many listeners to one mission, of so many steps behind
     * those that warm it up.
     */
    public long[] eventNanos(int listeners, int steps) {
        String name = "heard" + heard++;
        StoredRun run = StoredRun.admit(gateways.store(), mission(name, 0)).bind();
        Map<Long, Long> begun = new ConcurrentHashMap<>();
        Queue<Long> nanos = new ConcurrentLinkedQueue<>();
        List<Long> measured = new ArrayList<>();
        AtomicInteger listening = new AtomicInteger();
        List<Socket> sockets = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < listeners; i++) {
                Socket socket = connected(name);
                sockets.add(socket);
                threads.execute(() -> listen(socket, listening, begun, nanos));
            }
            ThreeRoles.waiting(PATIENCE).until(() -> listening.get() == listeners);
            for (int i = 1; i <= STEPS_TO_WARM_UP + steps; i++) {
                begun.put((long) i, System.nanoTime());
                run.say("words");
                ThreeRoles.waiting(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> nanos.size() == listeners);
                if (i > STEPS_TO_WARM_UP) {
                    measured.addAll(nanos);
                }
                nanos.clear();
            }
            sockets.forEach(RestBench::close);
        }
        return measured.stream().mapToLong(Long::longValue).sorted().toArray();
    }

    private Socket connected(String name) {
        URI gateway = URI.create(gateways.url(0));
        try {
            Socket socket = new Socket(gateway.getHost(), gateway.getPort());
            socket.getOutputStream()
                    .write(("GET /api/v1alpha1" + missions
                                    + "/" + name + "/events HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer " + token
                                    + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void listen(Socket socket, AtomicInteger listening, Map<Long, Long> begun, Queue<Long> nanos) {
        JsonMapper json = new JsonMapper();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            boolean first = true;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("data:")) {
                    long now = System.nanoTime();
                    JsonNode data = json.readTree(line.substring("data:".length()));
                    if (data.has("seq")) {
                        nanos.add(now - begun.get(data.path("seq").asLong()));
                    } else if (first) {
                        first = false;
                        listening.incrementAndGet();
                    }
                }
            }
        } catch (IOException e) {
            // closed by the other thread: all was heard
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        gateways.close();
    }
}
