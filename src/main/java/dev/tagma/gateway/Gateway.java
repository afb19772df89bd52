package dev.tagma.gateway;

import dev.tagma.dispatch.Bindings.Binding;
import dev.tagma.dispatch.Dispatcher;
import dev.tagma.mission.Head;
import dev.tagma.mission.Hints;
import dev.tagma.mission.Hints.Topic;
import dev.tagma.mission.PoolRevision;
import dev.tagma.mission.StepLog.Tail;
import dev.tagma.mission.StoreUnavailableException;
import dev.tagma.mission.link.GatewayLink;
import dev.tagma.mission.link.Hello;
import dev.tagma.mission.link.RuntimeInbox;
import dev.tagma.mission.link.Start;
import dev.tagma.rounds.Pace;
import dev.tagma.rounds.Rounds;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * One gateway replica: the sessions of the runtimes connected to it, the dispatcher's rounds, and the loops that take over what lapsed
 * owners held. Stateless but for its sessions: any other replica may take its place at any time.
 */
public final class Gateway implements GatewayLink, AutoCloseable {
    private static final Logger LOG = System.getLogger(Gateway.class.getName());

    private static final int MAX_REVISIONS = 1_000;

    /** How long a session is kept whose line ended: a call of a model or a tool that began before may take so long. */
    private static final Duration LINGER = Duration.ofMinutes(10);

    private final GatewayStores stores;
    private final ModelDesk models;
    private final ToolDesk tools;
    private final GatewaySettings settings;
    private final LongSupplier nanoTime;
    private final Map<Long, Session> sessions = new ConcurrentHashMap<>();
    private final Map<RevisionKey, PoolRevision> revisions = new ConcurrentHashMap<>();
    private final ExecutorService deliveries = Executors.newVirtualThreadPerTaskExecutor();
    private final Rounds dispatching;
    private final Rounds takingOver;
    private final Rounds sweeping;
    private final Rounds renewing;
    private final List<Hints.Subscription> subscriptions;

    /** A replica named {@code settings.replica()}; {@code nanoTime} is the monotonic clock. Its loops run until it is closed. */
    public Gateway(
            GatewayStores stores, ModelDesk models, ToolDesk tools, GatewaySettings settings, LongSupplier nanoTime) {
        this.stores = stores;
        this.models = models;
        this.tools = tools;
        this.settings = settings;
        this.nanoTime = nanoTime;
        Dispatcher dispatcher =
                new Dispatcher(stores.bindings(), stores.instances(), settings.replica(), this::deliver);
        this.dispatching = rounds("dispatch", settings.dispatchEvery(), () -> dispatcher.round() > 0);
        this.takingOver = rounds("takeover", settings.takeOverEvery(), this::takeOver);
        this.sweeping = rounds("sweep", settings.sweepEvery(), this::sweep);
        this.renewing = rounds("renewal", ModelDesk.RENEW_EVERY, () -> {
            models.renew();
            return false;
        });
        loops().forEach(Rounds::start);
        this.subscriptions = List.of(
                stores.hints().subscribe(Topic.Queue, pool -> wake()),
                stores.hints().subscribe(Topic.Instance, this::changed));
    }

    private static Rounds rounds(String name, Duration pause, BooleanSupplier round) {
        return new Rounds(name, new Pace(pause, Duration.ZERO), round, StoreUnavailableException.class::isInstance);
    }

    private List<Rounds> loops() {
        return List.of(dispatching, takingOver, sweeping, renewing);
    }

    @Override
    public ReplicaSession open(Hello hello, RuntimeInbox inbox) {
        long instance = stores.instances().register(hello, settings.lease());
        Session session = new Session(this, instance, inbox);
        sessions.put(instance, session);
        wake();
        return session;
    }

    /**
     * The session of an instance that was at another replica, or whose line broke, goes on here with its lease and its missions. Empty
     * where the instance is Dead, or not the one that says {@code hello}.
     */
    public Optional<ReplicaSession> resume(long instance, Hello hello, RuntimeInbox inbox) {
        if (!stores.instances().resume(instance, hello, settings.lease())) {
            return Optional.empty();
        }
        return Optional.of(sessions.compute(instance, (id, before) -> Session.resumed(this, instance, inbox, before)));
    }

    /** Something may be bound now: a mission was admitted, a slot is free. A hint: without it the next round comes by itself. */
    public void wake() {
        dispatching.hint();
    }

    @Override
    public void close() {
        subscriptions.forEach(Hints.Subscription::close);
        loops().forEach(Rounds::close);
        loops().forEach(Rounds::join);
        // their instances live on: another replica may be reached
        sessions.values().forEach(Session::abandon);
        sessions.clear();
        deliveries.close();
    }

    GatewayStores stores() {
        return stores;
    }

    GatewaySettings settings() {
        return settings;
    }

    ModelDesk models() {
        return models;
    }

    ToolDesk tools() {
        return tools;
    }

    boolean current(Session session) {
        return sessions.get(session.instance()) == session;
    }

    void left(Session session) {
        sessions.remove(session.instance(), session);
    }

    /** Starts what was bound to an instance that is connected here; elsewhere another replica does. */
    void deliver(long instance, List<Binding> bound) {
        Session session = sessions.get(instance);
        if (session == null || !session.attached()) {
            stores.hints().changed(Topic.Instance, Long.toString(instance));
            return;
        }
        for (Binding binding : bound) {
            if (binding.lastSeq() == 0) {
                begin(session, binding, mission -> Tail.EMPTY);
            } else {
                deliveries.execute(() -> begin(session, binding, stores.steps()::tail));
            }
        }
    }

    private void changed(String instance) {
        List<Session> told = instance.equals(Hints.ANY)
                ? List.copyOf(sessions.values())
                : Stream.ofNullable(sessions.get(Long.valueOf(instance))).toList();
        told.stream().filter(Session::attached).forEach(session -> session.changed(deliveries));
    }

    /** A mission that cannot be started holds up no other, and no heartbeat: the next one tries again. */
    private void begin(Session session, Binding binding, LongFunction<Tail> tail) {
        String name = binding.namespace() + "/" + binding.name();
        try {
            session.begin(start(binding, tail.apply(binding.claim().mission())), nanoTime.getAsLong());
        } catch (StoreUnavailableException e) {
            LOG.log(Level.INFO, "the start of {0} waits for the next heartbeat: {1}", name, e.getMessage());
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "mission " + name + " cannot be started", e);
        }
    }

    /** The start of a mission that is at work. */
    Start start(Binding binding) {
        return start(binding, stores.steps().tail(binding.claim().mission()));
    }

    long nanoTime() {
        return nanoTime.getAsLong();
    }

    private Start start(Binding binding, Tail tail) {
        Head head = tail.steps().isEmpty()
                ? Head.genesis(binding.claim().uid())
                : tail.steps().getLast().head();
        return new Start(
                binding.claim(),
                binding.namespace() + "/" + binding.name(),
                binding.spec(),
                revision(binding),
                head,
                tail,
                binding.timeLeft(),
                binding.attempts());
    }

    private PoolRevision revision(Binding binding) {
        RevisionKey key = new RevisionKey(binding.pool(), binding.revision());
        PoolRevision known = revisions.get(key);
        if (known != null) {
            return known;
        }
        PoolRevision found = stores.pools()
                .find(key.pool(), key.revision())
                .orElseThrow(() -> new IllegalStateException("it pins a revision that is not stored: " + key));
        if (revisions.size() >= MAX_REVISIONS) {
            revisions.clear();
        }
        revisions.put(key, found);
        return found;
    }

    private boolean takeOver() {
        if (stores.bindings().takeOver().requeued() > 0) {
            wake();
        }
        return false;
    }

    private boolean sweep() {
        sessions.values().removeIf(session -> session.detachedFor(LINGER));
        var swept = stores.bindings().sweep();
        if (swept.requeued() + swept.woken() > 0) {
            wake();
        }
        return false;
    }

    private record RevisionKey(UUID pool, int revision) {}
}
