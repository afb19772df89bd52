package dev.tagma.operator.pool;

import dev.tagma.api.v1alpha1.AgentPool;
import dev.tagma.api.v1alpha1.AgentPoolStatus;
import dev.tagma.mission.PoolMissions.Counts;
import io.fabric8.kubernetes.api.model.apps.Deployment;

/**
 * A pool and its world at one moment: all that its status is computed from.
 *
 * @param trouble what keeps it from being as declared, or null
 * @param revision the latest, or null where there was never one
 * @param deployment its runtimes, or null where there are none
 * @param missions those that have not ended
 * @param load of the runtimes that are connected, or null where none is
 */
record PoolObservation(
        AgentPool pool,
        Trouble trouble,
        Integer revision,
        Deployment deployment,
        Counts missions,
        AgentPoolStatus.Load load) {
    /** The same without a runtime that is connected. */
    PoolObservation(AgentPool pool, Trouble trouble, Integer revision, Deployment deployment, Counts missions) {
        this(pool, trouble, revision, deployment, missions, null);
    }
}
