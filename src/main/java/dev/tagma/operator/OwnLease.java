package dev.tagma.operator;

import dev.tagma.operator.OperatorSettings.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/** Gives an operator's lease back, so that another need not wait for its end: the election itself only lets it lapse. */
final class OwnLease {
    /** How long it may take: without an API server the lease lapses anyway. */
    static final Duration PATIENCE = Duration.ofSeconds(3);

    private static final Logger LOG = System.getLogger(OwnLease.class.getName());

    private final KubernetesClient client;
    private final String namespace;
    private final Lease lease;

    OwnLease(KubernetesClient client, String namespace, Lease lease) {
        this.client = ApiServerPulse.impatient(client);
        this.namespace = namespace;
        this.lease = lease;
    }

    /** To be called when nothing acts under it any more. Does nothing where it is another's. Returns after {@link #PATIENCE} at the latest. */
    void giveBack() {
        Thread giver = Thread.ofVirtual().name("operator-lease").start(this::tryToGiveBack);
        try {
            if (!giver.join(PATIENCE)) {
                giver.interrupt();
            }
        } catch (InterruptedException e) {
            giver.interrupt();
            Thread.currentThread().interrupt();
        }
    }

    private void tryToGiveBack() {
        try {
            var held = client.leases()
                    .inNamespace(namespace)
                    .withName(lease.name())
                    .get();
            if (held == null || !lease.identity().equals(held.getSpec().getHolderIdentity())) {
                return;
            }
            free(client, held);
        } catch (KubernetesClientException e) {
            LOG.log(Level.INFO, "the lease {0} was not given back and lapses: {1}", lease.name(), e.getMessage());
        }
    }

    /** Takes a holder's name off a lease. Throws KubernetesClientException, with code 409 where somebody wrote it meanwhile. */
    static void free(KubernetesClient client, io.fabric8.kubernetes.api.model.coordination.v1.Lease held) {
        client.resource(new LeaseBuilder(held)
                        .editSpec()
                        .withHolderIdentity(null)
                        .withLeaseDurationSeconds(1)
                        .endSpec()
                        .build())
                .update();
    }
}
