package dev.tagma.operator.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.api.v1alpha1.ModelProvider;
import dev.tagma.catalog.FakeCatalog;
import dev.tagma.model.provider.ProviderProbe;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProviderProbesTest {
    private final FakeCatalog catalog = new FakeCatalog();
    private Instant now = Instant.EPOCH;
    private final ProviderProbe probe = new ProviderProbe(() -> now);
    private final ProviderProbes probes = new ProviderProbes(catalog, probe, () -> now);

    @AfterEach
    void close() {
        probe.close();
    }

    private static ModelProvider provider(String spec) {
        return new KubernetesSerialization().unmarshal("""
                apiVersion: tagma.dev/v1alpha1
                kind: ModelProvider
                metadata: {name: p, namespace: team, uid: u}
                spec: %s
                """.formatted(spec), ModelProvider.class);
    }

    private Verdict verdict(ModelProvider provider) throws InterruptedException {
        return probes.verdict(provider).orElseThrow();
    }

    @Test
    void whoDoesNotAnswerIsAskedEverMoreSeldom() {
        assertThat(IntStream.rangeClosed(0, 7).mapToObj(ProviderProbes::pause).map(Duration::toSeconds))
                .containsExactly(60L, 5L, 10L, 20L, 40L, 60L, 60L, 60L);
    }

    @Test
    void aMissingSecretAndAMissingKeyAreToldApart() throws InterruptedException {
        ModelProvider keyed = provider("{type: OpenAI, credentials: {secretKeyRef: {name: s, key: k}}}");
        assertThat(verdict(keyed))
                .isEqualTo(new Verdict(
                        ProviderReason.SecretNotFound,
                        "spec.credentials names the Secret team/s, which does not exist"));
        catalog.secret("team", "s", "other", "hidden");
        assertThat(verdict(keyed))
                .isEqualTo(new Verdict(
                        ProviderReason.SecretKeyNotFound,
                        "spec.credentials names the key k, which the Secret team/s does not have"));
    }

    @Test
    void aScriptIsJudgedAgainWhenItChanges() throws InterruptedException {
        ModelProvider scripted = provider("{type: Scripted, script: {configMapKeyRef: {name: c, key: k}}}");
        assertThat(verdict(scripted).reason()).isEqualTo(ProviderReason.ScriptNotFound);
        catalog.configMap("team", "c", "k", "nonsense: 1");
        assertThat(verdict(scripted).reason()).isEqualTo(ProviderReason.InvalidScript);
        catalog.configMap("team", "c", "k", "rules: [{reply: {text: done}}]");
        assertThat(verdict(scripted).reason()).isEqualTo(ProviderReason.Reachable);
    }

    @Test
    void aKeyThatCannotBeSentIsNotShown() throws InterruptedException {
        catalog.secret("team", "s", "k", "first\nsecond");
        Verdict verdict = verdict(provider("{type: OpenAI, credentials: {secretKeyRef: {name: s, key: k}}}"));
        assertThat(verdict.reason()).isEqualTo(ProviderReason.AuthenticationFailed);
        assertThat(verdict.message()).startsWith("spec.credentials: ").doesNotContain("first", "second");
    }

    @Test
    void aProviderIsNewUntilItWasAskedWithItsSpec() throws InterruptedException {
        catalog.configMap("team", "c", "k", "rules: [{reply: {text: done}}]");
        ModelProvider scripted = provider("{type: Scripted, script: {configMapKeyRef: {name: c, key: k}}}");
        assertThat(probes.isNew(scripted)).isTrue();
        assertThat(probes.verdict(scripted)).isNotEqualTo(Optional.empty());
        assertThat(probes.isNew(scripted)).isFalse();
        probes.forget("u");
        assertThat(probes.isNew(scripted)).isTrue();
    }
}
