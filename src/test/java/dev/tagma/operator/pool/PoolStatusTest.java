package dev.tagma.operator.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tagma.api.v1alpha1.AgentPool;
import dev.tagma.api.v1alpha1.AgentPoolStatus;
import dev.tagma.api.v1alpha1.Condition;
import dev.tagma.api.v1alpha1.Condition.Status;
import dev.tagma.mission.PoolMissions.Counts;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PoolStatusTest {
    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00.7Z");
    private static final Instant T0_WHOLE = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant T1 = Instant.parse("2026-01-01T00:01:00Z");
    private static final Counts IDLE = new Counts(0, 0, 0, 0);

    private final AgentPool pool = PoolSamples.pool("replicas: 3");

    private static PoolObservation seen(AgentPool pool, Deployment deployment) {
        return new PoolObservation(pool, null, 4, deployment, new Counts(2, 5, 1, 2));
    }

    /** A Deployment of three whose controller has seen its newest spec. */
    private static DeploymentBuilder deployment() {
        return new DeploymentBuilder()
                .withNewMetadata()
                .withGeneration(2L)
                .endMetadata()
                .withNewSpec()
                .withReplicas(3)
                .endSpec()
                .withNewStatus()
                .withObservedGeneration(2L)
                .withReplicas(3)
                .withUpdatedReplicas(3)
                .withReadyReplicas(3)
                .endStatus();
    }

    private static Trouble verdict(AgentPool pool, DeploymentBuilder deployment) {
        return PoolStatus.verdict(seen(pool, deployment.build()));
    }

    private static DeploymentBuilder withCondition(String type, String status, String message) {
        return deployment()
                .editStatus()
                .withReadyReplicas(0)
                .addNewCondition()
                .withType(type)
                .withStatus(status)
                .withMessage(message)
                .endCondition()
                .endStatus();
    }

    @Test
    void everythingThatWasSeenIsSaid() {
        AgentPoolStatus status = PoolStatus.of(seen(pool, deployment().build()), T0);
        assertThat(status.replicas()).isEqualTo(3);
        assertThat(status.desiredReplicas()).isEqualTo(3);
        assertThat(status.readyReplicas()).isEqualTo(3);
        assertThat(status.activeMissions()).isEqualTo(5);
        assertThat(status.queuedMissions()).isEqualTo(2);
        assertThat(status.revision()).isEqualTo(4);
        assertThat(status.observedGeneration()).isEqualTo(7);
        assertThat(status.selector())
                .isEqualTo("app.kubernetes.io/component=runtime,app.kubernetes.io/name=tagma,tagma.dev/pool=p");
        assertThat(status.conditions())
                .extracting(Condition::type, Condition::status)
                .containsExactly(
                        tuple("Ready", Status.True),
                        tuple("Reconciling", Status.False),
                        tuple("Stalled", Status.False));
        assertThat(status.conditions()).allSatisfy(each -> {
            assertThat(each.reason()).isEqualTo("Available");
            assertThat(each.observedGeneration()).isEqualTo(7);
            assertThat(each.lastTransitionTime()).isEqualTo(T0_WHOLE);
        });
    }

    @Test
    void nothingSeenIsNothingSaid() {
        AgentPoolStatus status = PoolStatus.of(new PoolObservation(pool, null, null, null, IDLE), T0);
        assertThat(status.replicas()).isZero();
        assertThat(status.readyReplicas()).isZero();
        assertThat(status.revision()).isZero();
        assertThat(PoolReconciler.reason(status)).isEqualTo("RollingOut");
    }

    @Test
    void theSameObservationMakesTheSameStatus() {
        pool.setStatus(PoolStatus.of(seen(pool, deployment().build()), T0));
        assertThat(PoolStatus.of(seen(pool, deployment().build()), T1)).isEqualTo(pool.getStatus());
    }

    @Test
    void timesChangeWithWhatTheyAreOf() {
        pool.setStatus(PoolStatus.of(seen(pool, deployment().build()), T0));
        AgentPoolStatus now = PoolStatus.of(
                seen(pool, withCondition("Progressing", "False", "stuck").build()), T1);
        assertThat(now.conditions()).extracting(Condition::lastTransitionTime).containsExactly(T1, T0_WHOLE, T1);
    }

    @Test
    void aRolloutIsOverWhenEveryRuntimeIsNewAndReadyAndNoOtherIsLeft() {
        assertThat(verdict(pool, deployment()).reason()).isEqualTo(PoolReason.Available);
        assertThat(rolling(deployment().editStatus().withObservedGeneration(1L).endStatus()))
                .isTrue();
        assertThat(rolling(
                        deployment().editStatus().withObservedGeneration(null).endStatus()))
                .isTrue();
        assertThat(rolling(deployment().editStatus().withUpdatedReplicas(2).endStatus()))
                .isTrue();
        assertThat(rolling(deployment().editStatus().withReadyReplicas(2).endStatus()))
                .isTrue();
        assertThat(rolling(deployment().editStatus().withReplicas(4).endStatus()))
                .isTrue();
        assertThat(rolling(deployment().editSpec().withReplicas(2).endSpec())).isTrue();
    }

    private boolean rolling(DeploymentBuilder deployment) {
        return verdict(pool, deployment).reason() == PoolReason.RollingOut;
    }

    @Test
    void aRolloutSaysHowFarItIs() {
        assertThat(verdict(
                                pool,
                                deployment()
                                        .editStatus()
                                        .withUpdatedReplicas(1)
                                        .withReadyReplicas(2)
                                        .withReplicas(4)
                                        .endStatus())
                        .message())
                .isEqualTo("1 of 3 runtimes are up to date, 2 are ready, 4 exist");
    }

    @Test
    void zeroRuntimesAreWhatWasWanted() {
        AgentPool idle = PoolSamples.pool("replicas: 0");
        Trouble verdict = verdict(
                idle,
                deployment()
                        .editSpec()
                        .withReplicas(0)
                        .endSpec()
                        .editStatus()
                        .withReplicas(null)
                        .withUpdatedReplicas(null)
                        .withReadyReplicas(null)
                        .endStatus());
        assertThat(verdict.reason()).isEqualTo(PoolReason.ScaledToZero);
    }

    @Test
    void whatKeepsPodsAwayIsToldApart() {
        assertThat(verdict(pool, withCondition("ReplicaFailure", "True", "exceeded quota: x"))
                        .reason())
                .isEqualTo(PoolReason.QuotaExceeded);
        assertThat(verdict(pool, withCondition("ReplicaFailure", "True", "violates PodSecurity \"restricted\""))
                        .reason())
                .isEqualTo(PoolReason.InvalidTemplate);
        assertThat(verdict(pool, withCondition("ReplicaFailure", "True", null)).reason())
                .isEqualTo(PoolReason.RollingOut);
        assertThat(verdict(pool, withCondition("Progressing", "False", "has timed out")))
                .isEqualTo(new Trouble(
                        PoolReason.ProgressDeadlineExceeded,
                        "3 of 3 runtimes are up to date, 0 are ready, 3 exist: has timed out"));
        assertThat(verdict(pool, withCondition("Progressing", "True", "on its way"))
                        .reason())
                .isEqualTo(PoolReason.RollingOut);
    }

    @Test
    void troubleWithReferencesWinsOverRuntimesThatAreReady() {
        Trouble trouble = new Trouble(PoolReason.ProviderNotFound, "no provider");
        PoolObservation seen =
                new PoolObservation(pool, trouble, 4, deployment().build(), IDLE);
        assertThat(PoolStatus.verdict(seen)).isEqualTo(trouble);
    }

    @Test
    void aDeletedPoolSaysWhatItWaitsFor() {
        pool.getMetadata().setDeletionTimestamp("2026-01-01T00:00:00Z");
        assertThat(verdict(pool, deployment()))
                .isEqualTo(new Trouble(
                        PoolReason.Draining,
                        "the pool is deleted and takes no missions; it waits for 6 that have started: 5 run, 1 are"
                                + " queued or wait"));
        AgentPool idle = PoolSamples.pool("replicas: 0");
        idle.getMetadata().setDeletionTimestamp("2026-01-01T00:00:00Z");
        assertThat(verdict(idle, deployment()).message())
                .endsWith("; spec.replicas is 0, so that none goes on: set it, or cancel them");
    }
}
