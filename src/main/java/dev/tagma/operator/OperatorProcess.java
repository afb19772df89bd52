package dev.tagma.operator;

import dev.tagma.model.provider.ProviderProbe;
import dev.tagma.operator.OperatorHealth.State;
import dev.tagma.operator.mission.Lateness;
import dev.tagma.operator.mission.MissionReconciler;
import dev.tagma.operator.pool.PoolReconciler;
import dev.tagma.operator.provider.ProviderReconciler;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/**
 * One operator: reconcilers that watch from the start and act while the lease is theirs. Who loses the lease stops acting for good and
 * says so once; its process ends and another takes its place.
 */
public final class OperatorProcess implements AutoCloseable {
    /** Reconciliations at a time, over all kinds. */
    static final int RECONCILIATIONS_AT_ONCE = 32;

    /** Events that may wait to be written. */
    static final int EVENTS_WAITING = 1_000;

    private static final Logger LOG = System.getLogger(OperatorProcess.class.getName());
    private static final Duration KINDS_SERVED = Duration.ofSeconds(30);
    private static final Duration LAST_WRITES = Duration.ofSeconds(2);

    private final OperatorPorts ports;
    private final OperatorSettings settings;
    private final Metrics metrics;
    private final Runnable lost;
    private final Operator operator;
    private final OwnLease lease;
    private final LapsedLease lapsed;
    private final ApiServerPulse pulse;
    private final ApiServerClock clock;
    private final ProviderProbe probe;
    private final MissionReconciler missions;
    private final ExecutorService eventWriter = new ThreadPoolExecutor(
            0,
            1,
            1,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(EVENTS_WAITING),
            Thread.ofVirtual().name("operator-events").factory());
    private final AtomicReference<State> state = new AtomicReference<>(State.Starting);
    private volatile boolean started;

    /**
     * An operator that does nothing yet.
     *
     * @param lost told once, from any thread, that this operator no longer acts and never will: end the process
     */
    public OperatorProcess(OperatorPorts ports, OperatorSettings settings, Metrics metrics, Runnable lost) {
        this.ports = ports;
        this.settings = settings;
        this.metrics = metrics;
        this.lost = lost;
        this.operator = new Operator(this::configure);
        this.lease = new OwnLease(ports.client(), settings.namespace(), settings.lease());
        this.lapsed = new LapsedLease(ports.client(), settings.namespace(), settings.lease(), System::nanoTime);
        this.pulse = new ApiServerPulse(ports.client(), settings);
        this.clock = ApiServerClock.of(ports.client(), InstantSource.system());
        Events events = new Events(ports.client(), settings.lease().identity(), clock, eventWriter);
        this.probe = new ProviderProbe(clock);
        this.missions = new MissionReconciler(ports, settings, events, clock);
        register(new PoolReconciler(ports, settings, events, clock));
        register(new ProviderReconciler(ports.catalog(), probe, events, clock));
        register(missions);
    }

    private void configure(ConfigurationServiceOverrider overrider) {
        overrider
                .withKubernetesClient(ports.client())
                .withCloseClientOnStop(false)
                .checkingCRDAndValidateLocalModel(false)
                .withMetrics(metrics)
                .withConcurrentReconciliationThreads(RECONCILIATIONS_AT_ONCE)
                .withReconciliationTerminationTimeout(LAST_WRITES)
                .withInformerStoppedHandler((informer, cause) -> informerStopped(cause))
                .withLeaderElectionConfiguration(election());
    }

    private LeaderElectionConfiguration election() {
        OperatorSettings.Lease lease = settings.lease();
        return new LeaderElectionConfiguration(
                lease.name(),
                settings.namespace(),
                lease.duration(),
                lease.renewWithin(),
                lease.retryEvery(),
                lease.identity(),
                new LeaderCallbacks(this::led, this::leaseLost, leader -> {}),
                false);
    }

    /** Watches, and acts as soon as the lease is its own. Throws where the API server does not answer, or does not serve a kind within 30 s. */
    public void start() {
        clock.read();
        pulse.awaitKinds(KINDS_SERVED);
        operator.start();
        pulse.start();
        lapsed.start(() -> state.get() == State.Leader, this::electionOver);
        started = true;
        state.compareAndSet(State.Starting, State.Standby);
        if (state.get() == State.Lost) {
            giveUp();
        }
        LOG.log(Level.INFO, "operator {0} watches {1}", settings.lease().identity(), watched());
    }

    private String watched() {
        return settings.watchNamespaces().isEmpty()
                ? "all namespaces"
                : settings.watchNamespaces().toString();
    }

    /** A reconciler of the namespaces that are watched, which tries again without end, every minute at the latest. */
    private <P extends HasMetadata> void register(Reconciler<P> reconciler) {
        operator.register(reconciler, (ControllerConfigurationOverrider<P> controller) -> {
            controller
                    .withFieldManager(OperatorSettings.FIELD_MANAGER)
                    .withRetry(new GenericRetry()
                            .setInitialInterval(Duration.ofMillis(200))
                            .setIntervalMultiplier(2)
                            .setMaxInterval(Duration.ofMinutes(1).toMillis())
                            .withoutMaxAttempts());
            if (settings.watchNamespaces().isEmpty()) {
                controller.watchingAllNamespaces();
            } else {
                controller.settingNamespaces(settings.watchNamespaces());
            }
        });
    }

    private void led() {
        // May come before start() has returned.
        if (state.compareAndSet(State.Starting, State.Leader) || state.compareAndSet(State.Standby, State.Leader)) {
            LOG.log(Level.INFO, "operator {0} leads", settings.lease().identity());
            missions.lead();
        }
    }

    /** What it has not got done about missions. */
    public Lateness lateness() {
        return missions.lateness();
    }

    private void leaseLost() {
        if (state.compareAndSet(State.Leader, State.Lost)) {
            LOG.log(
                    Level.WARNING,
                    "operator {0} lost its lease and stops acting",
                    settings.lease().identity());
            giveUp();
        }
    }

    private void electionOver(String why) {
        broken(() -> LOG.log(Level.ERROR, "the election here is over, so the operator stops acting: {0}", why));
    }

    private void informerStopped(Throwable cause) {
        broken(() -> LOG.log(Level.ERROR, "a watch ended for good, so the operator stops acting", cause));
    }

    private void broken(Runnable say) {
        State before = state.getAndUpdate(now -> now == State.Stopped ? now : State.Lost);
        if (before == State.Standby || before == State.Leader) {
            say.run();
            giveUp();
        }
    }

    /** On a thread of its own: the caller may be one that stopping waits for. */
    private void giveUp() {
        Thread.ofVirtual().name("operator-gives-up").start(() -> {
            try {
                stop();
            } finally {
                lost.run();
            }
        });
    }

    private void stop() {
        pulse.close();
        lapsed.close();
        operator.stop();
        lease.giveBack();
    }

    /** How it is now. */
    public OperatorHealth health() {
        State now = state.get();
        return switch (now) {
            case Starting -> new OperatorHealth(now, List.of());
            case Standby, Leader ->
                started ? new OperatorHealth(now, troubled()) : new OperatorHealth(State.Starting, List.of());
            case Lost, Stopped -> new OperatorHealth(now, List.of());
        };
    }

    private List<String> troubled() {
        Stream<String> informers = operator.getRuntimeInfo().unhealthyEventSources().entrySet().stream()
                .flatMap(controller ->
                        controller.getValue().keySet().stream().map(source -> controller.getKey() + "/" + source))
                .sorted();
        return Stream.concat(pulse.missing().stream(), informers).toList();
    }

    /** Stops acting and gives the lease back, so that another need not wait for its end. */
    @Override
    public void close() {
        if (state.getAndSet(State.Stopped) != State.Stopped) {
            stop();
            probe.close();
            eventWriter.shutdown();
        }
    }
}
