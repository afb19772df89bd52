package dev.tagma.operator.pool;

import dev.tagma.api.v1alpha1.AgentPool;
import dev.tagma.operator.OperatorSettings;
import dev.tagma.operator.pool.GatewayAuthority.UnusableException;
import dev.tagma.operator.pool.OwnedObjects.NotOursException;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.List;

/** Keeps what a pool's runtimes are made of. */
final class PoolRuntimes {
    private static final int FORBIDDEN = 403;
    private static final int UNPROCESSABLE = 422;

    private final PoolManifests manifests;
    private final OwnedObjects objects;

    PoolRuntimes(KubernetesClient client, OperatorSettings settings) {
        this.manifests = new PoolManifests(settings, client.getKubernetesSerialization());
        this.objects = new OwnedObjects(client);
    }

    /**
     * How a pool's runtimes are.
     *
     * @param deployment as it is now, or null where there is none
     * @param trouble what keeps it from being as declared, or null
     */
    record Outcome(Deployment deployment, Trouble trouble) {}

    /** What is watched, each object leading back to the pool that owns it. */
    static List<EventSource<?, AgentPool>> watches(EventSourceContext<AgentPool> context) {
        return List.of(
                watch(Deployment.class, context),
                watch(ConfigMap.class, context),
                watch(ServiceAccount.class, context),
                watch(Service.class, context),
                watch(PodDisruptionBudget.class, context),
                watch(NetworkPolicy.class, context));
    }

    private static <T extends HasMetadata> EventSource<?, AgentPool> watch(
            Class<T> type, EventSourceContext<AgentPool> context) {
        return new InformerEventSource<>(
                InformerEventSourceConfiguration.from(type, AgentPool.class)
                        .withLabelSelector(PoolNames.OURS)
                        .build(),
                context);
    }

    /** Applies what differs; what is permanently wrong is in the answer, what is not is thrown. */
    Outcome keep(AgentPool pool, Context<AgentPool> context) {
        Deployment seen = context.getSecondaryResource(Deployment.class).orElse(null);
        try {
            Deployment now = seen;
            for (HasMetadata wanted : manifests.of(pool)) {
                HasMetadata kept = keep(wanted, context);
                now = kept instanceof Deployment deployment ? deployment : now;
            }
            return new Outcome(now, null);
        } catch (TemplateException e) {
            return new Outcome(seen, new Trouble(PoolReason.InvalidTemplate, e.getMessage()));
        } catch (NotOursException | UnusableException e) {
            return new Outcome(seen, new Trouble(PoolReason.RollingOut, e.getMessage()));
        } catch (KubernetesClientException e) {
            return new Outcome(seen, refused(e));
        }
    }

    /** Changes nothing: a rollout of half a pool is worse than none. */
    static Outcome leave(Context<AgentPool> context) {
        return new Outcome(context.getSecondaryResource(Deployment.class).orElse(null), null);
    }

    private HasMetadata keep(HasMetadata wanted, Context<AgentPool> context) throws NotOursException {
        HasMetadata seen = context.getSecondaryResource(wanted.getClass()).orElse(null);
        return objects.keep(wanted, seen);
    }

    private static Trouble refused(KubernetesClientException e) {
        String message = e.getStatus() == null ? e.getMessage() : e.getStatus().getMessage();
        if (e.getCode() == UNPROCESSABLE) {
            return new Trouble(PoolReason.InvalidTemplate, "spec.runtime.template: " + message);
        }
        if (e.getCode() == FORBIDDEN && message.contains("exceeded quota")) {
            return new Trouble(PoolReason.QuotaExceeded, message);
        }
        if (e.getCode() == FORBIDDEN && message.contains("being terminated")) {
            return new Trouble(PoolReason.RollingOut, "the namespace is being deleted");
        }
        throw e;
    }

    void forget(String uid) {
        objects.forget(uid);
    }
}
