package dev.tagma.operator;

import dev.tagma.operator.OperatorSettings.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Frees the lease of a holder that has not renewed it for its whole duration, by this process's own monotonic clock. The election itself
 * compares the holder's clock with its own: it would wait five minutes for a dead holder whose clock was five minutes ahead. Tells, too,
 * when this operator's own election has died in silence: then it would stand by for ever, or lead without a lease. The election may hang in a
 * request; a leader who has heard nothing of the API server for as long as its lease lasts leads no more.
 */
final class LapsedLease implements AutoCloseable {
    /** A free lease is taken within seconds by whoever still stands for election. */
    static final Duration ELECTION = Duration.ofSeconds(30);

    private static final Logger LOG = System.getLogger(LapsedLease.class.getName());

    private final KubernetesClient client;
    private final String namespace;
    private final Lease lease;
    private final LongSupplier nanoTime;
    private final Thread thread =
            Thread.ofVirtual().name("operator-lapsed-lease").unstarted(this::watch);
    private BooleanSupplier leads;
    private Consumer<String> over;
    private String version;
    private long since;
    private long unanswered;
    private long answered;

    /** @param lease this operator's, which it waits for */
    LapsedLease(KubernetesClient client, String namespace, Lease lease, LongSupplier nanoTime) {
        this.client = ApiServerPulse.impatient(client);
        this.namespace = namespace;
        this.lease = lease;
        this.nanoTime = nanoTime;
    }

    /**
     * Watches until it is closed.
     *
     * @param leads whether this operator holds itself to be the leader
     * @param over told why the election here is over
     */
    void start(BooleanSupplier leads, Consumer<String> over) {
        this.leads = leads;
        this.over = over;
        thread.start();
    }

    private void watch() {
        try {
            since = nanoTime.getAsLong();
            unanswered = since;
            answered = since;
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
            answered = nanoTime.getAsLong();
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
            judge(held == null ? null : held.getSpec());
        } catch (KubernetesClientException e) {
            LOG.log(Level.DEBUG, "the lease {0} cannot be looked at: {1}", lease.name(), e.getMessage());
            notAnswered();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "the lease " + lease.name() + " cannot be looked at", e);
            notAnswered();
        }
    }

    private void notAnswered() {
        unanswered = nanoTime.getAsLong();
        Duration silence = Duration.ofNanos(unanswered - answered);
        if (leads.getAsBoolean() && silence.compareTo(lease.duration()) > 0) {
            over.accept(
                    "the API server has not answered for " + silence.toSeconds() + " s, longer than the lease lasts");
        }
    }

    /** While the API server does not answer, no election can go on. */
    private void judge(LeaseSpec held) {
        if (held != null && isAnothers(held)) {
            if (leads.getAsBoolean()) {
                over.accept("the lease is " + held.getHolderIdentity() + "'s");
            }
        } else if (Math.min(unchanged().toNanos(), nanoTime.getAsLong() - unanswered)
                > lease.duration().plus(ELECTION).toNanos()) {
            over.accept("nobody has the lease, and this operator has not taken it for "
                    + unchanged().toSeconds() + " s");
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
