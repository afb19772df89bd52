package dev.tagma.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tagma.kube.Cluster;
import dev.tagma.operator.OperatorHealth.State;
import dev.tagma.operator.OperatorSettings.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A leader whose clock is five minutes ahead of everybody else's. */
class LapsedLeaseIT {
    private OperatorRig rig;

    @BeforeEach
    void open() {
        rig = new OperatorRig(Cluster.shared());
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void aDeadHolderWhoseClockWasAheadIsNotWaitedForLongerThanItsLease() {
        renew();
        long begun = System.nanoTime();
        OperatorProcess operator = rig.operator();
        await().atMost(OperatorRig.PATIENCE).until(() -> operator.health().state() == State.Leader);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofSeconds(2));
    }

    @Test
    void aLivingHolderWhoseClockIsAheadKeepsItsLease() {
        renew();
        OperatorProcess operator = rig.operator();
        await().during(Duration.ofSeconds(6)).atMost(OperatorRig.PATIENCE).until(() -> {
            renew();
            return operator.health().state() == State.Standby;
        });
    }

    /** Nobody stands for election: as after an exception on the elector's thread. */
    @Test
    void aFreeLeaseThatNobodyTakesTellsOfADeadElection() {
        AtomicReference<String> over = new AtomicReference<>();
        try (LapsedLease lapsed = fast("nobody")) {
            lapsed.start(() -> false, why -> over.compareAndSet(null, why));
            await().atMost(OperatorRig.PATIENCE).until(() -> over.get() != null);
        }
        assertThat(over.get()).contains("nobody has the lease");
    }

    @Test
    void whoLeadsWithoutTheLeaseIsTold() {
        renew();
        AtomicReference<String> over = new AtomicReference<>();
        try (LapsedLease lapsed = fast("leader")) {
            lapsed.start(() -> true, why -> over.compareAndSet(null, why));
            await().atMost(OperatorRig.PATIENCE).until(() -> over.get() != null);
        }
        assertThat(over.get()).isEqualTo("the lease is ahead's");
    }

    /** By a clock on which a second is a minute. */
    private LapsedLease fast(String identity) {
        Lease lease =
                new Lease(Lease.NAME, identity, Duration.ofMinutes(2), Duration.ofMinutes(1), Duration.ofMillis(200));
        return new LapsedLease(rig.cluster.client(), rig.namespace, lease, () -> 60 * System.nanoTime());
    }

    private void renew() {
        ZonedDateTime ahead = ZonedDateTime.now(ZoneOffset.UTC).plusMinutes(5);
        rig.cluster
                .client()
                .resource(new LeaseBuilder()
                        .withNewMetadata()
                        .withName(Lease.NAME)
                        .withNamespace(rig.namespace)
                        .endMetadata()
                        .withNewSpec()
                        .withHolderIdentity("ahead")
                        .withLeaseDurationSeconds(3)
                        .withAcquireTime(ahead)
                        .withRenewTime(ahead)
                        .endSpec()
                        .build())
                .serverSideApply();
    }
}
