package dev.tagma.operator;

import dev.tagma.api.v1alpha1.AgentPool;
import dev.tagma.api.v1alpha1.Mission;
import dev.tagma.api.v1alpha1.ModelProvider;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether the API server answers and serves what is watched, asked for one kind after the other. Informers cannot tell: they count as
 * watching while they try in vain to watch again.
 */
final class ApiServerPulse implements AutoCloseable {
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(5);
    private static final Duration AGAIN = Duration.ofMillis(100);
    private static final int SERVER_ERROR = 500;
    private static final String NOTHING = "tagma.dev/name-that-no-object-has";
    private static final Logger LOG = System.getLogger(ApiServerPulse.class.getName());
    private static final List<Class<? extends HasMetadata>> KINDS =
            List.of(AgentPool.class, ModelProvider.class, Mission.class);

    private final KubernetesClient client;
    private final Duration every;
    private final Optional<String> namespace;
    private final Thread thread = Thread.ofVirtual().name("operator-pulse").unstarted(this::listen);
    private volatile Set<String> missing = Set.of();

    ApiServerPulse(KubernetesClient client, OperatorSettings settings) {
        this.client = impatient(client);
        this.every = settings.lease().retryEvery();
        this.namespace = settings.watchNamespaces().stream().findAny();
    }

    /** The same client, which tries once and waits for {@link #LONGEST_ANSWER}. */
    static KubernetesClient impatient(KubernetesClient client) {
        return client.newClient(new RequestConfigBuilder()
                        .withRequestRetryBackoffLimit(0)
                        .withRequestTimeout((int) LONGEST_ANSWER.toMillis())
                        .build())
                .adapt(KubernetesClient.class);
    }

    void start() {
        thread.start();
    }

    /**
     * Returns when every kind is served, or after {@code patience}: a kind that was defined a moment ago answers with errors at first, and one
     * that comes with the operator may come behind it.
     */
    void awaitKinds(Duration patience) {
        long until = System.nanoTime() + patience.toNanos();
        KINDS.forEach(this::feel);
        try {
            while (!missing.isEmpty() && System.nanoTime() < until) {
                Thread.sleep(AGAIN);
                KINDS.forEach(this::feel);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What was not there when it was asked for last: kinds, or {@link OperatorHealth#API_SERVER}. */
    Set<String> missing() {
        return missing;
    }

    private void listen() {
        try {
            for (int beat = 0; !Thread.currentThread().isInterrupted(); beat++) {
                feel(KINDS.get(beat % KINDS.size()));
                Thread.sleep(every);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void feel(Class<? extends HasMetadata> kind) {
        Set<String> before = missing;
        missing = after(kind);
        if (!missing.equals(before)) {
            LOG.log(
                    missing.isEmpty() ? Level.INFO : Level.WARNING,
                    missing.isEmpty() ? "the API server answers again and serves every kind" : "not there: {0}",
                    missing);
        }
    }

    private Set<String> after(Class<? extends HasMetadata> kind) {
        Set<String> now = new TreeSet<>(missing);
        now.remove(OperatorHealth.API_SERVER);
        try {
            list(kind);
            now.remove(kind.getSimpleName());
        } catch (KubernetesClientException e) {
            // a refusal is an answer of the server, but not of the kind
            now.add(e.getCode() > 0 && e.getCode() < SERVER_ERROR ? kind.getSimpleName() : OperatorHealth.API_SERVER);
        } catch (RuntimeException e) {
            if (!missing.contains(OperatorHealth.API_SERVER)) {
                LOG.log(Level.ERROR, "the API server cannot be asked for " + kind.getSimpleName(), e);
            }
            now.add(OperatorHealth.API_SERVER);
        }
        return now;
    }

    /** No object, out of the API server's own cache: there it ignores a limit. */
    private <T extends HasMetadata> void list(Class<T> kind) {
        var none = new ListOptionsBuilder()
                .withLabelSelector(NOTHING)
                .withResourceVersion("0")
                .build();
        var all = client.resources(kind);
        if (namespace.isPresent()) {
            all.inNamespace(namespace.get()).list(none);
        } else {
            all.inAnyNamespace().list(none);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
