package dev.tagma.operator.pool;

import dev.tagma.api.v1alpha1.AgentPool;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.PoolMissions;
import dev.tagma.mission.Reason;
import dev.tagma.operator.Events;
import dev.tagma.operator.Happening;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.UUID;

/**
 * Lets a deleted pool go: missions that never started go back to whoever admits them, those that have started are waited for. In a
 * namespace that is being deleted there is nothing to wait for, since its runtimes go as well: what has started ends.
 */
final class Farewell {
    private static final int AT_ONCE = 500;

    private final KubernetesClient client;
    private final PoolMissions missions;
    private final Events events;

    Farewell(KubernetesClient client, PoolMissions missions, Events events) {
        this.client = client;
        this.missions = missions;
        this.events = events;
    }

    /** Does what can be done now. Answers whether nothing needs the pool any more. */
    boolean done(AgentPool pool) {
        UUID uid = UUID.fromString(pool.getMetadata().getUid());
        int withdrawn;
        do {
            withdrawn = missions.withdraw(uid, AT_ONCE).size();
        } while (withdrawn == AT_ONCE);
        if (missions.count(uid).all() == 0) {
            return true;
        }
        if (!namespaceGoes(pool)) {
            return false;
        }
        end(pool, uid);
        return true;
    }

    private boolean namespaceGoes(AgentPool pool) {
        Namespace namespace =
                client.namespaces().withName(pool.getMetadata().getNamespace()).get();
        return namespace == null || namespace.getMetadata().getDeletionTimestamp() != null;
    }

    private void end(AgentPool pool, UUID uid) {
        Outcome outcome = Outcome.failed(
                Reason.RunLost,
                "AgentPool " + pool.getMetadata().getNamespace() + "/"
                        + pool.getMetadata().getName() + " was deleted with its namespace");
        int ended;
        int all = 0;
        do {
            ended = missions.end(uid, outcome, AT_ONCE);
            all += ended;
        } while (ended == AT_ONCE);
        events.say(pool, Happening.MissionsEnded, all + " missions ended with the pool's namespace");
    }
}
