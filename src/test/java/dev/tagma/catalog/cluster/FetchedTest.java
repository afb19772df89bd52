package dev.tagma.catalog.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tagma.api.v1alpha1.KeyRef;
import dev.tagma.catalog.CatalogUnavailableException;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FetchedTest {
    private static final KeyRef REF = new KeyRef("openai", "apiKey");

    private long now;
    private int reads;
    private RuntimeException trouble;
    private Optional<Map<String, String>> declared = Optional.of(Map.of("apiKey", "first"));

    private final Fetched fetched = new Fetched("Secret", this::read, () -> now, Runnable::run);

    private Optional<Map<String, String>> read(String namespace, String name) {
        reads++;
        if (trouble != null) {
            throw trouble;
        }
        return declared;
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private Optional<String> key() {
        return fetched.text("platform", REF);
    }

    @Test
    void aRotatedKeyIsUsedWithinTenSecondsAndManyCallsReadOnce() {
        assertThat(key()).contains("first");
        declared = Optional.of(Map.of("apiKey", "second"));
        pass(Duration.ofSeconds(9));
        assertThat(key()).contains("first");
        assertThat(reads).isEqualTo(1);
        pass(Duration.ofMillis(1_100));
        assertThat(key()).contains("second");
    }

    @Test
    void whatIsAbsentIsLookedForAgainAfterASecond() {
        declared = Optional.empty();
        assertThat(key()).isEmpty();
        declared = Optional.of(Map.of("apiKey", "first"));
        pass(Duration.ofMillis(1_100));
        assertThat(key()).contains("first");
    }

    @Test
    void aKeyServesWhileTheApiServerIsAwayButNotForEver() {
        assertThat(key()).contains("first");
        trouble = new KubernetesClientException("refused", new IOException("connection refused"));
        pass(Duration.ofMinutes(5));
        assertThat(key()).contains("first");
        pass(Duration.ofMinutes(6));
        assertThatThrownBy(this::key)
                .isInstanceOf(CatalogUnavailableException.class)
                .hasMessage("the Secret platform/openai cannot be read: the API server does not answer");
    }

    @Test
    void aKeyThatMayNoLongerBeReadIsNoLongerUsed() {
        assertThat(key()).contains("first");
        trouble = new KubernetesClientException("forbidden", 403, null);
        pass(Duration.ofSeconds(11));
        assertThatThrownBy(this::key)
                .isInstanceOf(CatalogUnavailableException.class)
                .hasMessageContaining("service account may not get it");
    }

    @Test
    void aDeletedSecretIsNoLongerUsed() {
        assertThat(key()).contains("first");
        declared = Optional.empty();
        pass(Duration.ofSeconds(11));
        assertThat(key()).isEmpty();
        assertThat(fetched.exists("platform", "openai")).isFalse();
    }
}
