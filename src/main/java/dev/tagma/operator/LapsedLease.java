package dev.tagma.operator;

import dev.tagma.operator.OperatorSettings.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * Frees the lease of a holder that has not renewed it for its whole duration, by this process's own monotonic clock. The election itself
 * compares the holder's clock with its own: it would wait five minutes for a dead holder whose clock was five minutes ahead.
 */
final class LapsedLease implements AutoCloseable {
    private static final Logger LOG = System.getLogger(LapsedLease.class.getName());

    private final KubernetesClient client;
    private final String namespace;
    private final Lease lease;
    private final LongSupplier nanoTime;
    private final Thread thread =
            Thread.ofVirtual().name("operator-lapsed-lease").unstarted(this::watch);
    private String version;
    private long since;

    /** @param lease this operator's, which it waits for */
    LapsedLease(KubernetesClient client, String namespace, Lease lease, LongSupplier nanoTime) {
        this.client = ApiServerPulse.impatient(client);
        this.namespace = namespace;
        this.lease = lease;
        this.nanoTime = nanoTime;
    }

    /** Watches until it is closed: while this operator waits for the lease. */
    void start() {
        thread.start();
    }

    private void watch() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                look();
                Thread.sleep(lease.retryEvery());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        try {
            var held = client.leases()
                    .inNamespace(namespace)
                    .withName(lease.name())
                    .get();
            String now = held == null ? null : held.getMetadata().getResourceVersion();
            if (!Objects.equals(now, version)) {
                version = now;
                since = nanoTime.getAsLong();
            } else if (held != null
                    && isAnothers(held.getSpec())
                    && unchanged().compareTo(promised(held.getSpec())) > 0) {
                LOG.log(
                        Level.WARNING,
                        "{0} has not renewed the lease {1}: it is free",
                        held.getSpec().getHolderIdentity(),
                        lease.name());
                OwnLease.free(client, held);
            }
        } catch (KubernetesClientException e) {
            LOG.log(Level.DEBUG, "the lease {0} cannot be looked at: {1}", lease.name(), e.getMessage());
        }
    }

    private Duration unchanged() {
        return Duration.ofNanos(nanoTime.getAsLong() - since);
    }

    private Duration promised(LeaseSpec held) {
        Integer seconds = held.getLeaseDurationSeconds();
        Duration its = seconds == null ? Duration.ZERO : Duration.ofSeconds(seconds);
        return its.compareTo(lease.duration()) > 0 ? its : lease.duration();
    }

    private boolean isAnothers(LeaseSpec held) {
        String holder = held.getHolderIdentity();
        return holder != null && !holder.isEmpty() && !holder.equals(lease.identity());
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
