package dev.tagma.operator.pool;

import dev.tagma.api.v1alpha1.AgentPool;
import dev.tagma.api.v1alpha1.AgentPoolStatus;
import dev.tagma.mission.PoolMissions.Counts;
import dev.tagma.operator.Events;
import dev.tagma.operator.OperatorPorts;
import dev.tagma.operator.OperatorSettings;
import dev.tagma.operator.Standing;
import dev.tagma.operator.pool.PoolReferences.Outcome;
import dev.tagma.registry.InstanceRegistry;
import dev.tagma.registry.InstanceRegistry.Instance;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;

/** Keeps an AgentPool: its revision, its runtimes, its status; and lets it go when nothing of it runs any more. */
@ControllerConfiguration(name = "agentpool", finalizerName = PoolReconciler.FINALIZER)
public final class PoolReconciler implements Reconciler<AgentPool>, Cleaner<AgentPool> {
    /** Holds a deleted pool until its missions are served. */
    public static final String FINALIZER = "tagma.dev/drain";

    private static final Duration SOON = Duration.ofSeconds(2);

    private final PoolReferences references;
    private final PoolRuntimes runtimes;
    private final PoolLoads loads;
    private final InstanceRegistry instances;
    private final DeletionCosts costs;
    private final Farewell farewell;
    private final Events events;
    private final InstantSource clock;

    public PoolReconciler(OperatorPorts ports, OperatorSettings settings, Events events, InstantSource clock) {
        this.references = new PoolReferences(ports.catalog(), ports.revisions());
        this.runtimes = new PoolRuntimes(ports.client(), settings);
        this.loads = new PoolLoads(ports.poolMissions(), clock);
        this.instances = ports.instances();
        this.costs = new DeletionCosts(ports.client());
        this.farewell = new Farewell(ports.client(), ports.poolMissions(), events);
        this.events = events;
        this.clock = clock;
    }

    @Override
    public List<EventSource<?, AgentPool>> prepareEventSources(EventSourceContext<AgentPool> context) {
        return PoolRuntimes.watches(context);
    }

    @Override
    public UpdateControl<AgentPool> reconcile(AgentPool pool, Context<AgentPool> context) {
        Outcome published = references.publish(pool);
        PoolRuntimes.Outcome running =
                published.isUnderstood() ? runtimes.keep(pool, context) : PoolRuntimes.leave(context);
        List<Instance> live = instances.live(uid(pool));
        costs.write(pool, live);
        PoolObservation seen = new PoolObservation(
                pool,
                running.trouble() != null ? running.trouble() : published.trouble(),
                published.revision(),
                running.deployment(),
                loads.of(uid(pool)),
                RuntimeLoads.of(live));
        AgentPoolStatus status = PoolStatus.of(seen, clock.instant());
        Duration next = seen.trouble() == null ? PoolLoads.EVERY : SOON;
        if (status.equals(pool.getStatus())) {
            return UpdateControl.<AgentPool>noUpdate().rescheduleAfter(next);
        }
        PoolAnnouncements.announce(events, seen, status);
        return UpdateControl.patchStatus(withStatus(pool, status)).rescheduleAfter(next);
    }

    @Override
    public DeleteControl cleanup(AgentPool pool, Context<AgentPool> context) {
        if (farewell.done(pool)) {
            forget(pool);
            return DeleteControl.defaultDelete();
        }
        PoolRuntimes.Outcome running = runtimes.keep(pool, context);
        Counts missions = loads.now(uid(pool));
        Integer revision = pool.getStatus() == null ? null : pool.getStatus().revision();
        PoolObservation seen = new PoolObservation(
                pool, null, revision, running.deployment(), missions, RuntimeLoads.of(instances.live(uid(pool))));
        AgentPoolStatus status = PoolStatus.of(seen, clock.instant());
        if (!status.equals(pool.getStatus())) {
            PoolAnnouncements.announce(events, seen, status);
            context.resourceOperations().serverSideApplyPrimaryStatus(withStatus(pool, status));
        }
        return DeleteControl.noFinalizerRemoval().rescheduleAfter(SOON.toMillis());
    }

    private void forget(AgentPool pool) {
        String uid = pool.getMetadata().getUid();
        references.forget(uid);
        runtimes.forget(uid);
        loads.forget(uid(pool));
        costs.forget(uid(pool));
    }

    /** Refused where the pool changed meanwhile, or is another of the same name: so a former leader's status never wins. */
    private static AgentPool withStatus(AgentPool pool, AgentPoolStatus status) {
        AgentPool patch = new AgentPool();
        patch.setMetadata(new ObjectMetaBuilder()
                .withName(pool.getMetadata().getName())
                .withNamespace(pool.getMetadata().getNamespace())
                .withUid(pool.getMetadata().getUid())
                .withResourceVersion(pool.getMetadata().getResourceVersion())
                .build());
        patch.setStatus(status);
        return patch;
    }

    private static UUID uid(AgentPool pool) {
        return UUID.fromString(pool.getMetadata().getUid());
    }

    /** The reason that a status gives. */
    static String reason(AgentPoolStatus status) {
        return status == null ? "" : Standing.reason(status.conditions()).orElse("");
    }
}
