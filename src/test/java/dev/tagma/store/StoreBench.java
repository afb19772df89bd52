package dev.tagma.store;

import static dev.tagma.store.Steps.append;
import static dev.tagma.store.Steps.ending;

import dev.tagma.api.v1alpha1.AgentPoolSpec;
import dev.tagma.api.v1alpha1.MissionSpec;
import dev.tagma.dispatch.Bindings.Binding;
import dev.tagma.mission.Append;
import dev.tagma.mission.Claim;
import dev.tagma.mission.CommitResult.Committed;
import dev.tagma.mission.Head;
import dev.tagma.mission.NewMission;
import dev.tagma.mission.NewStep;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.link.Hello;
import dev.tagma.model.ModelCalls.Estimate;
import dev.tagma.model.ModelCalls.Reservation.Granted;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.HdrHistogram.ConcurrentHistogram;

/** Measures the commit path against a durable Postgres on this machine: {@code StoreBench [seconds]}. No test. */
final class StoreBench {
    private static final NewStep STEP = Steps.observation("x".repeat(400));
    private static final NewStep REPLY = Steps.reply("x".repeat(350));
    private static final Duration LEASE = Duration.ofMinutes(10);

    private final JdbcStoreFixture store = new JdbcStoreFixture();
    private final Duration time;
    private final UUID pool = UUID.randomUUID();
    private final long instance;

    private StoreBench(Duration time) {
        this.time = time;
        AgentPoolSpec spec = new AgentPoolSpec(null, List.of(), List.of(), List.of(), 1, null, null, null, null);
        store.pools().publish(pool, "bench", "bench", spec, Map.of());
        instance = store.instances().register(new Hello(pool, "bench", 10_000, "bench"), LEASE);
    }

    public static void main(String[] args) throws Exception {
        StoreBench bench = new StoreBench(Duration.ofSeconds(args.length == 0 ? 5 : Long.parseLong(args[0])));
        bench.steps("warm-up", 64);
        bench.floor(1);
        bench.floor(8);
        for (int inFlight : new int[] {1, 8, 64, 1_000}) {
            bench.steps("steps", inFlight);
        }
        bench.calls(64);
        for (int inFlight : new int[] {1, 64, 1_000}) {
            bench.missions(inFlight);
        }
        bench.store.close();
    }

    private void steps(String what, int inFlight) throws Exception {
        List<Claim> claims = bound(inFlight);
        measure(what + ", one each commit", inFlight, (worker, until, latencies) -> {
            Claim claim = claims.get(worker);
            Head head = Head.genesis(claim.uid());
            while (System.nanoTime() < until) {
                head = commit(append(claim, head, STEP), latencies);
            }
        });
    }

    private void calls(int inFlight) throws Exception {
        List<Claim> claims = bound(inFlight);
        measure("model calls, reserved and settled", inFlight, (worker, until, latencies) -> {
            Claim claim = claims.get(worker);
            Head head = Head.genesis(claim.uid());
            while (System.nanoTime() < until) {
                long start = System.nanoTime();
                Granted granted = (Granted)
                        store.calls().reserve(claim, head.seq(), new Estimate(1_000, 10), Duration.ofMinutes(1));
                head = ((Committed) store.calls().settle(granted.call(), append(claim, head, REPLY))).head();
                latencies.recordValue(System.nanoTime() - start);
            }
        });
    }

    /** One feeder admits and binds in batches, as a dispatcher does; the workers run what it feeds them. */
    private void missions(int inFlight) throws Exception {
        BlockingQueue<Claim> queue = new ArrayBlockingQueue<>(2 * inFlight);
        AtomicBoolean stop = new AtomicBoolean();
        Thread feeder = Thread.ofVirtual().start(() -> {
            try {
                while (!stop.get()) {
                    for (Claim claim : bound(Math.min(inFlight, 500))) {
                        queue.put(claim);
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        measure("3-step missions, admitted, bound, finished", inFlight, (worker, until, latencies) -> {
            for (Claim claim = take(queue, until); claim != null; claim = take(queue, until)) {
                Head head = commit(append(claim, Head.genesis(claim.uid()), REPLY), null);
                head = commit(append(claim, head, STEP), null);
                commit(ending(claim, head, Outcome.succeeded("done", null), REPLY), latencies);
            }
        });
        stop.set(true);
        queue.clear();
        feeder.join();
    }

    private static Claim take(BlockingQueue<Claim> queue, long until) throws InterruptedException {
        return queue.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    /** What one connection does without us: the floor that the others are compared with. */
    private void floor(int inFlight) throws Exception {
        store.execute(
                "create table if not exists floor (id bigint generated always as identity primary key, content bytea)");
        measure("plain inserts, a connection each", inFlight, (worker, until, latencies) -> {
            try (Connection connection = store.database().direct().getConnection();
                    PreparedStatement insert = connection.prepareStatement("insert into floor (content) values (?)")) {
                while (System.nanoTime() < until) {
                    long start = System.nanoTime();
                    insert.setBytes(1, STEP.content());
                    insert.executeUpdate();
                    latencies.recordValue(System.nanoTime() - start);
                }
            }
        });
    }

    private Head commit(Append append, ConcurrentHistogram latencies) {
        long start = System.nanoTime();
        if (!(store.steps().commit(append) instanceof Committed done)) {
            throw new IllegalStateException("not committed: " + append.claim());
        }
        if (latencies != null) {
            latencies.recordValue(System.nanoTime() - start);
        }
        return done.head();
    }

    private List<Claim> bound(int count) {
        List<NewMission> missions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            MissionSpec spec = new MissionSpec(
                    null, "analyst", "Add.", null, null, null, 10, "60m", null, 0, null, null, false, false, null);
            missions.add(new NewMission(UUID.randomUUID(), "bench", "m", pool, spec));
        }
        store.missions().admit(missions);
        List<Claim> claims = new ArrayList<>();
        while (claims.size() < count) {
            List<Binding> given = store.bindings().bind(instance, count - claims.size());
            if (given.isEmpty()) {
                throw new IllegalStateException("nothing to bind: the instance is full, or its lease has lapsed");
            }
            given.forEach(binding -> claims.add(binding.claim()));
        }
        return claims;
    }

    private interface Work {
        void run(int worker, long until, ConcurrentHistogram latencies) throws Exception;
    }

    private void measure(String what, int inFlight, Work work) throws Exception {
        ConcurrentHistogram latencies = new ConcurrentHistogram(3);
        Duration clientBefore = cpu(ProcessHandle.current());
        Duration serverBefore = postgres();
        long start = System.nanoTime();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> workers = new ArrayList<>();
            for (int i = 0; i < inFlight; i++) {
                int worker = i;
                workers.add(threads.submit(() -> {
                    work.run(worker, start + time.toNanos(), latencies);
                    return null;
                }));
            }
            for (Future<?> worker : workers) {
                worker.get();
            }
        }
        Duration client = cpu(ProcessHandle.current()).minus(clientBefore);
        Duration server = postgres().minus(serverBefore);
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
                "%-45s %5d in flight: %,8.0f/s   p50 %6.2f ms   p99 %6.2f ms   CPU %4.0f us here, %4.0f us in Postgres%n",
                what,
                inFlight,
                latencies.getTotalCount() / seconds,
                latencies.getValueAtPercentile(50) / 1e6,
                latencies.getValueAtPercentile(99) / 1e6,
                client.toNanos() / 1e3 / latencies.getTotalCount(),
                server.toNanos() / 1e3 / latencies.getTotalCount());
    }

    private static Duration cpu(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Of all processes of the server; those that ended meanwhile are lost. */
    private Duration postgres() {
        long backend = store.number("select pg_backend_pid()");
        return ProcessHandle.of(backend)
                .flatMap(ProcessHandle::parent)
                .map(postmaster -> postmaster.children().map(StoreBench::cpu).reduce(Duration.ZERO, Duration::plus))
                .orElse(Duration.ZERO);
    }
}
