package dev.tagma.operator.pool;

import dev.tagma.api.v1alpha1.AgentPool;
import dev.tagma.api.v1alpha1.AgentPoolStatus;
import dev.tagma.mission.PoolMissions.Counts;
import dev.tagma.operator.Standing.Why;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** Computes a pool's status: from what was observed and the status before, and from nothing else. */
final class PoolStatus {
    private PoolStatus() {}

    static AgentPoolStatus of(PoolObservation seen, Instant now) {
        Trouble verdict = verdict(seen);
        AgentPool pool = seen.pool();
        AgentPoolStatus before = pool.getStatus();
        Long generation = pool.getMetadata().getGeneration();
        DeploymentStatus runtimes = runtimes(seen.deployment());
        return new AgentPoolStatus(
                count(runtimes.getReplicas()),
                PoolManifests.replicas(pool),
                count(runtimes.getReadyReplicas()),
                PoolNames.selectorText(pool),
                seen.missions().running(),
                seen.missions().queued(),
                seen.load(),
                seen.revision() == null ? Integer.valueOf(0) : seen.revision(),
                generation,
                verdict.reason()
                        .standing()
                        .conditions(
                                new Why(verdict.reason().name(), verdict.message()),
                                before == null ? null : before.conditions(),
                                generation,
                                now.truncatedTo(ChronoUnit.SECONDS)));
    }

    /** Why the pool stands as it does. */
    static Trouble verdict(PoolObservation seen) {
        if (seen.pool().getMetadata().getDeletionTimestamp() != null) {
            return new Trouble(PoolReason.Draining, farewell(seen));
        }
        if (seen.trouble() != null) {
            return seen.trouble();
        }
        int wanted = PoolManifests.replicas(seen.pool());
        DeploymentStatus runtimes = runtimes(seen.deployment());
        if (rolledOut(seen.deployment(), wanted)) {
            return wanted == 0
                    ? new Trouble(PoolReason.ScaledToZero, "spec.replicas is 0: missions wait")
                    : new Trouble(PoolReason.Available, wanted + " of " + wanted + " runtimes are ready");
        }
        Optional<Trouble> failure =
                condition(runtimes, "ReplicaFailure", "True").map(failed -> replicaFailure(failed.getMessage()));
        return failure.or(() -> condition(runtimes, "Progressing", "False")
                        .map(stuck -> new Trouble(
                                PoolReason.ProgressDeadlineExceeded,
                                progress(runtimes, wanted) + ": " + stuck.getMessage())))
                .orElseGet(() -> new Trouble(PoolReason.RollingOut, progress(runtimes, wanted)));
    }

    /** Whether the Deployment's controller has seen the newest spec, and every runtime is of it and ready, and no other is left. */
    private static boolean rolledOut(Deployment deployment, int wanted) {
        if (deployment == null || deployment.getSpec().getReplicas() != wanted) {
            return false;
        }
        DeploymentStatus status = runtimes(deployment);
        return status.getObservedGeneration() != null
                && status.getObservedGeneration() >= deployment.getMetadata().getGeneration()
                && count(status.getUpdatedReplicas()) == wanted
                && count(status.getReplicas()) == wanted
                && count(status.getReadyReplicas()) == wanted;
    }

    private static Trouble replicaFailure(String message) {
        String said = message == null ? "" : message;
        if (said.contains("exceeded quota")) {
            return new Trouble(PoolReason.QuotaExceeded, "runtimes cannot be created: " + said);
        }
        return said.contains("violates PodSecurity") || said.contains("is invalid")
                ? new Trouble(PoolReason.InvalidTemplate, "spec.runtime.template: runtimes cannot be created: " + said)
                : new Trouble(PoolReason.RollingOut, "runtimes cannot be created: " + said);
    }

    private static String progress(DeploymentStatus runtimes, int wanted) {
        return count(runtimes.getUpdatedReplicas()) + " of " + wanted + " runtimes are up to date, "
                + count(runtimes.getReadyReplicas()) + " are ready, " + count(runtimes.getReplicas()) + " exist";
    }

    private static String farewell(PoolObservation seen) {
        Counts missions = seen.missions();
        String waits = "the pool is deleted and takes no missions; it waits for " + missions.started()
                + " that have started: " + missions.running() + " run, "
                + (missions.started() - missions.running()) + " are queued or wait";
        return PoolManifests.replicas(seen.pool()) == 0
                ? waits + "; spec.replicas is 0, so that none goes on: set it, or cancel them"
                : waits;
    }

    private static DeploymentStatus runtimes(Deployment deployment) {
        return deployment == null || deployment.getStatus() == null ? new DeploymentStatus() : deployment.getStatus();
    }

    private static Optional<DeploymentCondition> condition(DeploymentStatus status, String type, String value) {
        return Optional.ofNullable(status.getConditions()).orElse(List.of()).stream()
                .filter(each -> type.equals(each.getType()) && value.equals(each.getStatus()))
                .findFirst();
    }

    private static int count(Integer number) {
        return number == null ? 0 : number;
    }
}
