package dev.tagma.operator.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.api.v1alpha1.AgentPool;
import dev.tagma.api.v1alpha1.ModelProvider;
import dev.tagma.catalog.FakeCatalog;
import dev.tagma.operator.pool.PoolReferences.Outcome;
import dev.tagma.store.memory.InMemoryStore;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PoolReferencesTest {
    private static final String FROM_MAP = "instructionsFrom: {configMapKeyRef: {name: words, key: t}}";

    private final FakeCatalog catalog = new FakeCatalog();
    private final InMemoryStore store = new InMemoryStore(InstantSource.system());
    private final PoolReferences references = new PoolReferences(catalog, store.pools());
    private final AgentPool pool = PoolSamples.pool();

    private void provider(String namespace, String allowed) {
        ModelProvider provider =
                PoolSamples.SERIALIZATION.unmarshal("""
                apiVersion: tagma.dev/v1alpha1
                kind: ModelProvider
                metadata: {name: scripted, namespace: %s}
                spec: {type: Scripted, allowedNamespaces: %s}
                """.formatted(namespace, allowed), ModelProvider.class);
        catalog.declare(provider);
    }

    private static AgentPool pool(String from, String to) {
        AgentPool changed = PoolSamples.SERIALIZATION.unmarshal(Pools.pool("p").replace(from, to), AgentPool.class);
        changed.setMetadata(PoolSamples.pool().getMetadata());
        return changed;
    }

    private void isTroubled(AgentPool by, PoolReason reason, String message) {
        assertThat(references.publish(by).trouble()).isEqualTo(new Trouble(reason, message));
    }

    @Test
    void aPoolWhoseReferencesHoldIsPublishedOnce() {
        provider("team", "null");
        assertThat(references.publish(pool)).isEqualTo(new Outcome(1, null));
        assertThat(references.publish(pool)).isEqualTo(new Outcome(1, null));
        pool.getMetadata().setGeneration(8L);
        assertThat(references.publish(pool)).as("only its runtimes changed").isEqualTo(new Outcome(1, null));
    }

    @Test
    void aMissingProviderIsNamed() {
        isTroubled(
                pool,
                PoolReason.ProviderNotFound,
                "spec.models[m].providerRef names the ModelProvider team/scripted, which does not exist");
    }

    @Test
    void aForeignProviderMustAllowTheNamespace() {
        AgentPool foreign = pool("{name: scripted}", "{name: scripted, namespace: platform}");
        provider("platform", "{from: Same}");
        isTroubled(
                foreign,
                PoolReason.ProviderNotPermitted,
                "spec.models[m].providerRef names the ModelProvider platform/scripted, which does not allow pools of"
                        + " namespace team: see its spec.allowedNamespaces");
        provider("platform", "{from: Selector, selector: {matchLabels: {tier: gold}}}");
        assertThat(references.publish(foreign).trouble().reason()).isEqualTo(PoolReason.ProviderNotPermitted);
        catalog.namespace("team", Map.of("tier", "gold"));
        assertThat(references.publish(foreign).trouble()).isNull();
        provider("platform", "{from: All}");
        assertThat(references.publish(foreign).trouble()).isNull();
    }

    @Test
    void theContentOfConfigMapsIsPartOfTheRevision() {
        provider("team", "null");
        AgentPool reader = pool("instructions: Do.", FROM_MAP);
        isTroubled(
                reader,
                PoolReason.ConfigMapNotFound,
                "spec.agents[a].instructionsFrom names the ConfigMap key words/t of namespace team, which does not exist");
        catalog.configMap("team", "words", "t", "Do this.");
        assertThat(references.publish(reader)).isEqualTo(new Outcome(1, null));
        catalog.configMap("team", "words", "t", "Do that.");
        assertThat(references.publish(reader)).isEqualTo(new Outcome(2, null));
        assertThat(store.pools().find(uid(), 1).orElseThrow().content()).containsEntry("words/t", "Do this.");
    }

    private UUID uid() {
        return UUID.fromString(pool.getMetadata().getUid());
    }

    @Test
    void aPoolThatIsBrokenByAnEditKeepsItsRevision() {
        provider("team", "null");
        references.publish(pool);
        AgentPool broken = pool("{name: scripted}", "{name: other}");
        Outcome outcome = references.publish(broken);
        assertThat(outcome.revision()).isEqualTo(1);
        assertThat(outcome.trouble().reason()).isEqualTo(PoolReason.ProviderNotFound);
        assertThat(store.pools().latest(uid()).orElseThrow().revision()).isEqualTo(1);
    }

    @Test
    void whatIsForgottenIsPublishedAnewAsItWas() {
        provider("team", "null");
        references.publish(pool);
        references.forget(pool.getMetadata().getUid());
        assertThat(references.publish(pool)).isEqualTo(new Outcome(1, null));
    }
}
