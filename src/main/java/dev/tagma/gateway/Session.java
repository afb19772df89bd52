package dev.tagma.gateway;

import dev.tagma.dispatch.Bindings.Binding;
import dev.tagma.mission.Claim;
import dev.tagma.mission.CommitResult;
import dev.tagma.mission.Head;
import dev.tagma.mission.MissionStore.Release;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.StoreUnavailableException;
import dev.tagma.mission.link.Heartbeat;
import dev.tagma.mission.link.RuntimeInbox;
import dev.tagma.mission.link.Start;
import dev.tagma.mission.step.StepContent;
import dev.tagma.mission.step.ToolCall;
import dev.tagma.mission.step.ToolDefinition;
import dev.tagma.registry.InstanceRegistry.Beat;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/** One runtime's session: its missions' ledgers, and the heartbeat that heals what was lost between the store, the gateway and it. */
final class Session implements ReplicaSession {
    private static final Logger LOG = System.getLogger(Session.class.getName());

    /** What is left at least to a runtime that broke its line off: one that lives has dialled again by then (docs/adr/0015). */
    private static final Duration BROKEN_LEASE = Duration.ofMillis(1_500);

    private static final Duration BEAT_ENDS = Duration.ofMillis(200);

    private final Gateway gateway;
    private final long instance;
    private final RuntimeInbox inbox;
    private final Map<Long, Ledger> ledgers;
    private final ReentrantLock beating = new ReentrantLock();
    private final ReentrantLock look = new ReentrantLock();
    private final AtomicBoolean lookWaits = new AtomicBoolean();
    /** What ran there as of the last heartbeat; null before the first of a session that moved here. */
    private volatile Set<Claim> running;

    private volatile Long detachedAt;
    private volatile long renewedAt;

    /** The session of a new instance. */
    Session(Gateway gateway, long instance, RuntimeInbox inbox) {
        this(gateway, instance, inbox, new ConcurrentHashMap<>());
        this.running = Set.of();
    }

    private Session(Gateway gateway, long instance, RuntimeInbox inbox, Map<Long, Ledger> ledgers) {
        this.ledgers = ledgers;
        this.gateway = gateway;
        this.instance = instance;
        this.inbox = inbox;
        this.renewedAt = gateway.nanoTime();
    }

    /** The session of an instance that goes on here; what is in work here for {@code before}, if any, is not begun a second time. */
    static Session resumed(Gateway gateway, long instance, RuntimeInbox inbox, Session before) {
        return new Session(gateway, instance, inbox, before == null ? new ConcurrentHashMap<>() : before.ledgers);
    }

    @Override
    public long instance() {
        return instance;
    }

    @Override
    public Duration lease() {
        return gateway.settings().lease();
    }

    /** Opens the ledger of a mission bound to this instance and starts it there; the same claim again only repeats the start. */
    void begin(Start start, long nowNanos) {
        if (enter(start, nowNanos).claim().equals(start.claim())) {
            inbox.start(start);
        }
    }

    private Ledger enter(Start start, long nowNanos) {
        return ledgers.compute(start.claim().mission(), (mission, present) -> {
            if (present != null && present.claim().epoch() >= start.claim().epoch()) {
                return present;
            }
            if (present != null) {
                present.close();
            }
            return new Ledger(
                    start,
                    nowNanos,
                    gateway.stores().steps(),
                    tool -> gateway.tools().isOutside(start, tool));
        });
    }

    @Override
    public CommitResult commit(Claim claim, Head believed, List<StepContent> steps) {
        Ledger ledger = ledger(claim, believed);
        return ledger == null
                ? new CommitResult.Fenced(0)
                : ledger.appendFromRuntime(believed, steps, gateway.stores().steps()::commit);
    }

    @Override
    public ModelAnswer callModel(Claim claim, Head believed, ModelAsk ask) {
        Ledger ledger = ledger(claim, believed);
        if (ledger == null) {
            return new ModelAnswer.Lost();
        }
        ModelAnswer answer = gateway.models().call(ledger, believed, ask);
        switch (answer) {
            case ModelAnswer.Finished finished -> closed(claim);
            case ModelAnswer.Lost lost -> closed(claim);
            case ModelAnswer.Replied r -> {}
            case ModelAnswer.Unfit u -> {}
            case ModelAnswer.OverBudget o -> {}
            case ModelAnswer.Unavailable u -> {}
            case ModelAnswer.Failed f -> {}
        }
        return answer;
    }

    @Override
    public ToolAnswer callTool(Claim claim, Head believed, long reply, ToolCall call) {
        Ledger ledger = ledger(claim, believed);
        return ledger == null ? new ToolAnswer.Lost() : gateway.tools().call(ledger, reply, call.id());
    }

    @Override
    public List<ToolDefinition> outsideTools(Claim claim) {
        Ledger ledger = ledger(claim);
        return ledger == null ? List.of() : gateway.tools().definitions(ledger.start());
    }

    @Override
    public CommitResult finish(Claim claim, Head believed, Outcome outcome) {
        Ledger ledger = ledger(claim);
        if (ledger == null) {
            return new CommitResult.Fenced(0);
        }
        CommitResult result;
        do {
            result = ledger.append(List.of(), outcome, gateway.stores().steps()::commit);
        } while (result instanceof CommitResult.Fork && ledger.catchUp());
        if (result instanceof CommitResult.Committed) {
            closed(claim);
        }
        return result;
    }

    @Override
    public boolean release(Claim claim, Release release) {
        boolean released = gateway.stores().missions().release(claim, release);
        closed(claim);
        return released;
    }

    @Override
    public boolean heartbeat(Heartbeat beat) {
        Set<Claim> runs = new HashSet<>(beat.running());
        if (!renew(beat)) {
            close();
            return false;
        }
        this.running = beat.running();
        // read before the store, which knows of every ledger that is still good
        List<Claim> known = ledgers.values().stream().map(Ledger::claim).toList();
        Set<Claim> held = Set.copyOf(gateway.stores().bindings().claims(instance));
        known.stream().filter(claim -> !held.contains(claim)).forEach(this::forget);
        Set<Claim> missing = new HashSet<>(held);
        missing.removeIf(claim -> runs.remove(claim) || inbox.starting(claim));
        runs.forEach(inbox::stop);
        startAll(missing);
        return true;
    }

    private boolean renew(Heartbeat beat) {
        beating.lock();
        try {
            boolean renewed = gateway.stores()
                    .instances()
                    .heartbeat(List.of(new Beat(instance, beat.draining(), beat.load())), lease())
                    .contains(instance);
            renewedAt = gateway.nanoTime();
            return renewed;
        } finally {
            beating.unlock();
        }
    }

    /**
     * The instance got missions or lost some, says a hint: looks at once, or once more where a look is in work. However many hints there
     * are, one look at most waits for another.
     */
    void changed(Executor threads) {
        if (lookWaits.compareAndSet(false, true)) {
            threads.execute(() -> {
                look.lock();
                try {
                    lookWaits.set(false);
                    compare();
                } catch (StoreUnavailableException e) {
                    LOG.log(Level.DEBUG, "a hint is left to the next heartbeat: {0}", e.getMessage());
                } finally {
                    look.unlock();
                }
            });
        }
    }

    /** Stops what was taken from this instance, and starts what is bound to it and has no ledger yet: another replica may have bound it. */
    private void compare() {
        Set<Claim> there = running;
        // read before the store, which knows of every ledger that is still good
        Set<Claim> known = new HashSet<>(there == null ? Set.of() : there);
        ledgers.values().stream().map(Ledger::claim).forEach(known::add);
        Set<Claim> held = Set.copyOf(gateway.stores().bindings().claims(instance));
        known.stream().filter(claim -> !held.contains(claim)).forEach(claim -> {
            inbox.stop(claim);
            forget(claim);
        });
        if (there != null) {
            Set<Claim> missing = new HashSet<>(held);
            missing.removeIf(claim -> there.contains(claim) || open(claim) != null);
            startAll(missing);
        }
    }

    private void startAll(Set<Claim> missing) {
        if (!missing.isEmpty()) {
            List<Binding> held = gateway.stores().bindings().held(instance);
            gateway.deliver(
                    instance,
                    held.stream()
                            .filter(binding -> missing.contains(binding.claim()))
                            .toList());
        }
    }

    /** What is performed here still is committed by nobody any more: this replica ends. */
    void abandon() {
        ledgers.values().forEach(Ledger::close);
        ledgers.clear();
    }

    @Override
    public void close() {
        gateway.left(this);
        abandon();
        gateway.stores().instances().deregister(instance);
        gateway.wake();
    }

    @Override
    public void detach() {
        detachedAt = gateway.nanoTime();
    }

    @Override
    public void broken() {
        detach();
        if (running == null || !current() || !beatsEnd()) {
            return;
        }
        long renewed = renewedAt;
        try {
            gateway.stores()
                    .instances()
                    .shorten(instance, () -> Duration.ofNanos(gateway.nanoTime() - renewed), leaseOfTheBroken());
        } catch (StoreUnavailableException e) {
            LOG.log(Level.DEBUG, "the lease of instance {0} keeps its length: {1}", instance, e.getMessage());
        }
    }

    private Duration leaseOfTheBroken() {
        Duration part = lease().multipliedBy(3).dividedBy(10);
        return part.compareTo(BROKEN_LEASE) > 0 ? part : BROKEN_LEASE;
    }

    /** Whether no heartbeat is stuck: one that is stored later would renew the lease once more. */
    private boolean beatsEnd() {
        try {
            if (!beating.tryLock(BEAT_ENDS.toMillis(), TimeUnit.MILLISECONDS)) {
                return false;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        beating.unlock();
        return true;
    }

    @Override
    public boolean current() {
        return gateway.current(this);
    }

    /** Whether the runtime can be told anything. */
    boolean attached() {
        return detachedAt == null;
    }

    /** Whether the line ended longer ago than {@code time}. */
    boolean detachedFor(Duration time) {
        Long at = detachedAt;
        return at != null && gateway.nanoTime() - at > time.toNanos();
    }

    /** The same, which reaches as far as the runtime knows. */
    private Ledger ledger(Claim claim, Head believed) {
        Ledger ledger = ledger(claim);
        if (ledger != null && ledger.head().seq() < believed.seq()) {
            ledger.catchUp();
        }
        return ledger;
    }

    /** The ledger of a mission that is this instance's; one that began at another replica is opened anew. Null where it is another's. */
    private Ledger ledger(Claim claim) {
        Ledger ledger = open(claim);
        return ledger != null
                ? ledger
                : gateway.stores()
                        .bindings()
                        .held(instance, claim)
                        .map(binding -> enter(gateway.start(binding), gateway.nanoTime()))
                        .filter(entered -> entered.claim().equals(claim))
                        .orElse(null);
    }

    private Ledger open(Claim claim) {
        Ledger ledger = ledgers.get(claim.mission());
        return ledger != null && ledger.claim().equals(claim) ? ledger : null;
    }

    private void closed(Claim claim) {
        forget(claim);
        gateway.wake();
    }

    private void forget(Claim claim) {
        ledgers.computeIfPresent(claim.mission(), (mission, ledger) -> {
            if (!ledger.claim().equals(claim)) {
                return ledger;
            }
            ledger.close();
            return null;
        });
    }
}
