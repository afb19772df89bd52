package dev.tagma.operator.provider;

import dev.tagma.api.v1alpha1.KeyRef;
import dev.tagma.api.v1alpha1.ModelProvider;
import dev.tagma.api.v1alpha1.ModelProviderSpec;
import dev.tagma.catalog.Catalog;
import dev.tagma.mission.PoolRevision;
import dev.tagma.model.provider.ProviderProbe;
import dev.tagma.model.provider.ProviderProbe.Answer;
import dev.tagma.model.provider.ProviderSource;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * Asks providers, each at most every {@link #EVERY} while it answers and ever more seldom while it does not; at once where its spec, its
 * key or its script has changed. At most {@link #AT_ONCE} are asked at a time, so that those that hang keep nothing else from the operator.
 */
final class ProviderProbes {
    /** Between two questions to a provider that answers; the longest pause for one that does not. */
    static final Duration EVERY = Duration.ofMinutes(1);

    /** Questions in flight. */
    static final int AT_ONCE = 8;

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
    private static final int DOUBLINGS = 4;

    private final Catalog catalog;
    private final ProviderProbe probe;
    private final InstantSource clock;
    private final Map<String, Asked> asked = new ConcurrentHashMap<>();
    private final Semaphore places = new Semaphore(AT_ONCE);

    ProviderProbes(Catalog catalog, ProviderProbe probe, InstantSource clock) {
        this.catalog = catalog;
        this.probe = probe;
        this.clock = clock;
    }

    /** Whether this provider was never asked with this spec, so that the next verdict may take its time. */
    boolean isNew(ModelProvider provider) {
        Asked before = asked.get(provider.getMetadata().getUid());
        return before == null || !before.source().spec().equals(provider.getSpec());
    }

    /**
     * How the provider stands: asked now where that is due, else as it was answered last; empty where too many others are being asked.
     * References are read anew each time.
     */
    Optional<Verdict> verdict(ModelProvider provider) throws InterruptedException {
        String namespace = provider.getMetadata().getNamespace();
        ModelProviderSpec spec = provider.getSpec();
        String key = null;
        if (spec.credentials() != null) {
            KeyRef ref = spec.credentials().secretKeyRef();
            Optional<String> found = catalog.secret(namespace, ref);
            if (found.isEmpty()) {
                return Optional.of(absentSecret(namespace, ref));
            }
            key = found.get();
        }
        String script = null;
        if (spec.script() != null) {
            KeyRef ref = spec.script().configMapKeyRef();
            Optional<String> found = catalog.configMap(namespace, ref);
            if (found.isEmpty()) {
                return Optional.of(new Verdict(
                        ProviderReason.ScriptNotFound,
                        "spec.script names the ConfigMap key " + PoolRevision.contentKey(ref) + " of namespace "
                                + namespace + ", which " + catalog.absence()));
            }
            script = found.get();
        }
        String name = namespace + "/" + provider.getMetadata().getName();
        return asked(provider.getMetadata().getUid(), new ProviderSource(name, spec, key, script));
    }

    private Verdict absentSecret(String namespace, KeyRef ref) {
        boolean there = catalog.hasSecret(namespace, ref.name());
        return there
                ? new Verdict(
                        ProviderReason.SecretKeyNotFound,
                        "spec.credentials names the key " + ref.key() + ", which the Secret " + namespace + "/"
                                + ref.name() + " does not have")
                : new Verdict(
                        ProviderReason.SecretNotFound,
                        "spec.credentials names the Secret " + namespace + "/" + ref.name() + ", which "
                                + catalog.absence());
    }

    private Optional<Verdict> asked(String uid, ProviderSource source) throws InterruptedException {
        Asked before = asked.get(uid);
        boolean same = before != null && before.source().equals(source);
        if (same && clock.instant().isBefore(before.next())) {
            return Optional.of(before.verdict());
        }
        if (!places.tryAcquire()) {
            return Optional.empty();
        }
        Answer answer;
        try {
            answer = probe.ask(source);
        } finally {
            places.release();
        }
        Verdict verdict = new Verdict(ProviderReason.of(answer.finding()), answer.message());
        int failures = verdict.reason() == ProviderReason.Reachable ? 0 : same ? before.failures() + 1 : 1;
        asked.put(uid, new Asked(source, verdict, failures, clock.instant().plus(pause(failures))));
        return Optional.of(verdict);
    }

    /** A minute where it answers, else 5 s, 10 s, 20 s, 40 s, a minute. */
    static Duration pause(int failures) {
        if (failures == 0 || failures > DOUBLINGS) {
            return EVERY;
        }
        return FIRST_PAUSE.multipliedBy(1L << (failures - 1));
    }

    void forget(String uid) {
        asked.remove(uid);
    }

    private record Asked(ProviderSource source, Verdict verdict, int failures, Instant next) {
        /** Without the source's key. */
        @Override
        public String toString() {
            return "Asked[" + source.name() + "]";
        }
    }
}
