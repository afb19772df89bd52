package dev.tagma.app;

import dev.tagma.gateway.GatewayStores;
import dev.tagma.mission.Append;
import dev.tagma.mission.Claim;
import dev.tagma.mission.CommitResult;
import dev.tagma.mission.Step;
import dev.tagma.mission.StepLog;
import dev.tagma.mission.Usage;
import dev.tagma.mission.link.Hello;
import dev.tagma.model.ModelCalls;
import dev.tagma.registry.InstanceRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Halts parts of one system, as a long pause of its process does: heartbeats, and commits that a test picks. */
final class Frozen {
    private final CountDownLatch heartbeats = new CountDownLatch(1);
    private final CountDownLatch commits = new CountDownLatch(1);
    private final Predicate<Append> halted;
    private final Queue<CommitResult> results = new ConcurrentLinkedQueue<>();
    private volatile boolean silent;
    private volatile boolean reached;

    /** Halts the commits that {@code halted} picks before they reach the store. */
    Frozen(Predicate<Append> halted) {
        this.halted = halted;
    }

    /** From now on no heartbeat reaches the store. */
    void silence() {
        silent = true;
    }

    /** Whether a commit is halted. */
    boolean reached() {
        return reached;
    }

    void thawCommits() {
        commits.countDown();
    }

    void thawHeartbeats() {
        heartbeats.countDown();
    }

    /** What the store said to the commits of this system. */
    List<CommitResult> results() {
        return List.copyOf(results);
    }

    GatewayStores over(GatewayStores ports) {
        return new GatewayStores(
                new Steps(ports.steps()),
                ports.missions(),
                ports.pools(),
                new Instances(ports.instances()),
                ports.bindings(),
                new Calls(ports.calls()),
                ports.hints());
    }

    private static void await(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                latch.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Steps implements StepLog {
        private final StepLog log;

        private Steps(StepLog log) {
            this.log = log;
        }

        @Override
        public CommitResult commit(Append append) {
            if (halted.test(append)) {
                reached = true;
                Frozen.await(commits);
            }
            CommitResult result = log.commit(append);
            results.add(result);
            return result;
        }

        @Override
        public Tail tail(long mission) {
            return log.tail(mission);
        }

        @Override
        public List<Step> read(long mission, long afterSeq, int limit) {
            return log.read(mission, afterSeq, limit);
        }
    }

    private final class Calls implements ModelCalls {
        private final ModelCalls book;

        private Calls(ModelCalls book) {
            this.book = book;
        }

        @Override
        public Reservation reserve(Claim claim, long baseSeq, Estimate estimate, Duration validity) {
            return book.reserve(claim, baseSeq, estimate, validity);
        }

        @Override
        public void renew(Collection<Reserved> calls, Duration validity) {
            book.renew(calls, validity);
        }

        @Override
        public CommitResult settle(Reserved call, Append append) {
            if (halted.test(append)) {
                reached = true;
                Frozen.await(commits);
            }
            CommitResult result = book.settle(call, append);
            results.add(result);
            return result;
        }

        @Override
        public void release(Reserved call) {
            book.release(call);
        }

        @Override
        public void charge(Reserved call, Usage usage) {
            book.charge(call, usage);
        }

        @Override
        public Usage lapsed(long mission) {
            return book.lapsed(mission);
        }
    }

    private final class Instances implements InstanceRegistry {
        private final InstanceRegistry registry;

        private Instances(InstanceRegistry registry) {
            this.registry = registry;
        }

        @Override
        public long register(Hello hello, Duration lease) {
            return registry.register(hello, lease);
        }

        @Override
        public boolean resume(long instance, Hello hello, Duration lease) {
            return registry.resume(instance, hello, lease);
        }

        @Override
        public Set<Long> heartbeat(Collection<Beat> beats, Duration lease) {
            if (silent) {
                Frozen.await(heartbeats);
            }
            return registry.heartbeat(beats, lease);
        }

        @Override
        public void shorten(long instance, Supplier<Duration> age, Duration left) {
            registry.shorten(instance, age, left);
        }

        @Override
        public void deregister(long instance) {
            registry.deregister(instance);
        }

        @Override
        public List<Instance> live(UUID pool) {
            return registry.live(pool);
        }
    }
}
