package dev.tagma.catalog.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tagma.api.v1alpha1.AgentPool;
import dev.tagma.api.v1alpha1.ModelProvider;
import dev.tagma.api.v1alpha1.ModelProviderSpec;
import dev.tagma.catalog.CatalogUnavailableException;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WholeReaderTest {
    private static <T extends HasMetadata> T read(Class<T> type, String spec) {
        String object = "apiVersion: tagma.dev/v1alpha1\nkind: " + type.getSimpleName()
                + "\nmetadata: {namespace: platform, name: newer}\nspec: " + spec;
        return new WholeReader<>(type).read(Serialization.unmarshal(object, GenericKubernetesResource.class));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{allowedNamespaces: {from: Novelty}}",
                "{tools: [{name: t, builtin: Novelty}]}",
                "{tools: [{name: t, sideEffects: Novelty}]}",
                "{tools: [{name: t, onUnknownOutcome: Novelty}]}",
                "{tools: [{name: t, http: {url: 'https://a', method: NOVELTY}}]}",
                "{tools: [{name: t, formula: {expression: a, inputs: [{name: a, type: Novelty}]}}]}"
            })
    void poolsThatCannotBeSaidWholeAreRefused(String spec) {
        assertThatThrownBy(() -> read(AgentPool.class, spec))
                .isInstanceOf(CatalogUnavailableException.class)
                .hasMessageStartingWith("AgentPool platform/newer was stored by another version")
                .hasMessageFindingMatch("cannot read spec\\.[^ ]+ (Novelty|NOVELTY): run the version");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{type: Novelty}", "{type: Ollama, allowedNamespaces: {from: Novelty}}"})
    void providersThatCannotBeSaidWholeAreRefused(String spec) {
        assertThatThrownBy(() -> read(ModelProvider.class, spec))
                .isInstanceOf(CatalogUnavailableException.class)
                .hasMessageStartingWith("ModelProvider platform/newer was stored by another version")
                .hasMessageContaining(" Novelty: ");
    }

    @Test
    void whatIsOfAnotherShapeIsRefusedAndNamed() {
        assertThatThrownBy(() -> read(AgentPool.class, "{tools: [{name: t, http: all}]}"))
                .isInstanceOf(CatalogUnavailableException.class)
                .hasMessage("AgentPool platform/newer was stored by another version, and this one cannot read"
                        + " spec.tools[0].http: run the version that stored it, or change the field");
    }

    @Test
    void fieldsThatAreNotKnownAreLeftOut() {
        ModelProvider provider = read(ModelProvider.class, "{type: Ollama, novelty: {deep: [1]}}");
        assertThat(provider.getSpec().type()).isEqualTo(ModelProviderSpec.Type.Ollama);
    }
}
