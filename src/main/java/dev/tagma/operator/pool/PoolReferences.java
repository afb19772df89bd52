package dev.tagma.operator.pool;

import dev.tagma.agent.tool.ToolChecks;
import dev.tagma.api.v1alpha1.AgentPool;
import dev.tagma.api.v1alpha1.AgentPoolSpec.PoolModel;
import dev.tagma.api.v1alpha1.ModelProvider;
import dev.tagma.catalog.Catalog;
import dev.tagma.catalog.NotUnderstoodException;
import dev.tagma.catalog.Permission;
import dev.tagma.catalog.PoolContent;
import dev.tagma.mission.PoolRevision;
import dev.tagma.mission.PoolRevisions;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Publishes what new missions of a pool get, once all that it refers to is there, allowed and of use. A pool that is broken by an edit
 * keeps its last revision, so that the edit reaches no mission.
 */
final class PoolReferences {
    private final Catalog catalog;
    private final PoolRevisions revisions;
    private final Map<String, Published> published = new ConcurrentHashMap<>();

    PoolReferences(Catalog catalog, PoolRevisions revisions) {
        this.catalog = catalog;
        this.revisions = revisions;
    }

    /**
     * What became of a pool's references.
     *
     * @param revision the latest, or null where there was never one
     * @param trouble what keeps a newer one from being published, or null
     */
    record Outcome(Integer revision, Trouble trouble) {
        /** Whether the pool, as it is seen here, says all that its author wrote. */
        boolean isUnderstood() {
            return trouble == null || trouble.reason() != PoolReason.UnknownField;
        }
    }

    /** The pool's latest revision after this call. ConfigMaps are read anew each time. */
    Outcome publish(AgentPool pool) {
        try {
            refuseUnknownWords(pool);
            return publishKnown(pool);
        } catch (NotUnderstoodException e) {
            return new Outcome(latest(pool), new Trouble(PoolReason.UnknownField, e.getMessage()));
        }
    }

    private Outcome publishKnown(AgentPool pool) {
        Trouble trouble = providerTrouble(pool);
        PoolContent content = trouble == null ? PoolContent.of(pool, catalog) : null;
        if (trouble == null && !content.missing().isEmpty()) {
            trouble = missing(pool, content.missing().getFirst());
        }
        if (trouble != null) {
            return new Outcome(latest(pool), trouble);
        }
        return publish(pool, content.texts());
    }

    /** A pool as a reconciler sees it has lost the words that a newer version stored; to the catalog it is unavailable then. */
    private void refuseUnknownWords(AgentPool pool) {
        catalog.pool(pool.getMetadata().getNamespace(), pool.getMetadata().getName());
    }

    private Outcome publish(AgentPool pool, Map<String, String> content) {
        String uid = pool.getMetadata().getUid();
        Published known = published.get(uid);
        Long generation = pool.getMetadata().getGeneration();
        if (known != null
                && known.generation().equals(generation)
                && known.content().equals(content)) {
            return known.outcome();
        }
        Trouble trouble = toolTrouble(pool, content);
        Outcome outcome = trouble != null
                ? new Outcome(latest(pool), trouble)
                : new Outcome(
                        revisions
                                .publish(
                                        UUID.fromString(uid),
                                        pool.getMetadata().getNamespace(),
                                        pool.getMetadata().getName(),
                                        pool.getSpec(),
                                        content)
                                .revision(),
                        null);
        published.put(uid, new Published(generation, content, outcome));
        return outcome;
    }

    /** Forgets a pool that is gone. */
    void forget(String uid) {
        published.remove(uid);
    }

    private Integer latest(AgentPool pool) {
        return revisions
                .latest(UUID.fromString(pool.getMetadata().getUid()))
                .map(PoolRevision::revision)
                .orElse(null);
    }

    private Trouble providerTrouble(AgentPool pool) {
        String namespace = pool.getMetadata().getNamespace();
        for (PoolModel model : pool.getSpec().models()) {
            PoolModel.ProviderRef ref = model.providerRef();
            String owner = ref.namespace() == null ? namespace : ref.namespace();
            String field = "spec.models[" + model.name() + "].providerRef names the ModelProvider " + owner + "/"
                    + ref.name() + ", which ";
            Optional<ModelProvider> provider = catalog.provider(owner, ref.name());
            if (provider.isEmpty()) {
                return new Trouble(PoolReason.ProviderNotFound, field + catalog.absence());
            }
            if (!Permission.given(provider.get().getSpec().allowedNamespaces(), owner, namespace, catalog)) {
                return new Trouble(
                        PoolReason.ProviderNotPermitted,
                        field + "does not allow pools of namespace " + namespace + ": see its spec.allowedNamespaces");
            }
        }
        return null;
    }

    private Trouble missing(AgentPool pool, PoolContent.Reference reference) {
        return new Trouble(
                PoolReason.ConfigMapNotFound,
                reference.field() + " names the ConfigMap key " + PoolRevision.contentKey(reference.ref())
                        + " of namespace " + pool.getMetadata().getNamespace() + ", which " + catalog.absence());
    }

    private static Trouble toolTrouble(AgentPool pool, Map<String, String> content) {
        PoolRevision candidate = new PoolRevision(
                UUID.fromString(pool.getMetadata().getUid()),
                0,
                pool.getMetadata().getNamespace(),
                pool.getMetadata().getName(),
                pool.getSpec(),
                content);
        return ToolChecks.check(candidate).stream()
                .findFirst()
                .map(problem -> new Trouble(PoolReason.InvalidTool, problem.field() + ": " + problem.message()))
                .orElse(null);
    }

    private record Published(Long generation, Map<String, String> content, Outcome outcome) {}
}
