package dev.tagma.catalog.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tagma.api.v1alpha1.AgentPool;
import dev.tagma.api.v1alpha1.KeyRef;
import dev.tagma.api.v1alpha1.ModelProviderSpec;
import dev.tagma.catalog.CatalogUnavailableException;
import dev.tagma.kube.Cluster;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.util.Set;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;

class ClusterCatalogIT {
    private static final String POOL = """
            apiVersion: tagma.dev/v1alpha1
            kind: AgentPool
            metadata: {name: %s}
            spec:
              models: [{name: main, providerRef: {name: demo}, model: m}]
              agents: [{name: one, instructions: Answer., models: [main]}]
            """;
    private static final String PROVIDER = """
            apiVersion: tagma.dev/v1alpha1
            kind: ModelProvider
            metadata: {name: demo}
            spec: {type: Ollama, endpoint: "http://127.0.0.1:1"}
            """;

    private final Cluster cluster = Cluster.shared();

    private ClusterCatalog catalog(KubernetesClient client, String... namespaces) {
        return new ClusterCatalog(client, Set.of(namespaces), System::nanoTime);
    }

    private static ConditionFactory waiting() {
        return Awaitility.await().ignoreException(CatalogUnavailableException.class);
    }

    private void apply(String namespace, String yaml) {
        cluster.kubectlWithInput(yaml, "apply", "--server-side", "-n", namespace, "-f", "-")
                .ok();
    }

    @Test
    void whatIsAppliedIsKnownAndWhatIsDeletedIsNot() {
        String namespace = cluster.newNamespace("catalog");
        try (ClusterCatalog catalog = catalog(cluster.client())) {
            waiting().until(() -> catalog.pool(namespace, "analysts").isEmpty());
            apply(namespace, POOL.formatted("analysts"));
            apply(namespace, PROVIDER);
            waiting().until(() -> catalog.pool(namespace, "analysts").isPresent());
            waiting().until(() -> catalog.provider(namespace, "demo").isPresent());
            AgentPool pool = catalog.pool(namespace, "analysts").orElseThrow();
            assertThat(pool.getSpec().agents()).hasSize(1);
            assertThat(pool.getMetadata().getUid()).isNotNull();
            assertThat(catalog.provider(namespace, "demo")
                            .orElseThrow()
                            .getSpec()
                            .type())
                    .isEqualTo(ModelProviderSpec.Type.Ollama);
            cluster.kubectl("label", "namespace", namespace, "team=carbon").ok();
            waiting()
                    .untilAsserted(() -> assertThat(catalog.namespaceLabels(namespace))
                            .containsEntry("team", "carbon")
                            .containsEntry("kubernetes.io/metadata.name", namespace));
            cluster.kubectl("delete", "agentpool", "analysts", "-n", namespace).ok();
            waiting().until(() -> catalog.pool(namespace, "analysts").isEmpty());
        }
    }

    @Test
    void keysAreReadWhenTheyAreAskedFor() {
        String namespace = cluster.newNamespace("catalog");
        cluster.kubectl("create", "secret", "generic", "openai", "--from-literal=apiKey=s3cret", "-n", namespace)
                .ok();
        cluster.kubectl("create", "configmap", "factors", "--from-literal=csv=a,b", "-n", namespace)
                .ok();
        try (ClusterCatalog catalog = catalog(cluster.client())) {
            assertThat(catalog.secret(namespace, new KeyRef("openai", "apiKey")))
                    .contains("s3cret");
            assertThat(catalog.secret(namespace, new KeyRef("openai", "other"))).isEmpty();
            assertThat(catalog.hasSecret(namespace, "openai")).isTrue();
            assertThat(catalog.hasSecret(namespace, "other")).isFalse();
            assertThat(catalog.configMap(namespace, new KeyRef("factors", "csv")))
                    .contains("a,b");
        }
    }

    @Test
    void onlyTheNamespacesThatAreWatchedAreKnown() {
        String watched = cluster.newNamespace("catalog");
        String other = cluster.newNamespace("catalog");
        apply(watched, POOL.formatted("analysts"));
        apply(other, POOL.formatted("analysts"));
        try (ClusterCatalog catalog = catalog(cluster.client(), watched)) {
            waiting().until(() -> catalog.pool(watched, "analysts").isPresent());
            assertThat(catalog.pool(other, "analysts")).isEmpty();
        }
    }

    @Test
    void whatMayNotBeReadIsUnavailableAndNotAbsent() {
        String namespace = cluster.newNamespace("catalog");
        try (ClusterCatalog catalog = catalog(cluster.serviceAccountClient(namespace, "nobody"))) {
            assertThatThrownBy(() -> catalog.secret(namespace, new KeyRef("openai", "apiKey")))
                    .isInstanceOf(CatalogUnavailableException.class)
                    .hasMessageContaining("service account may not get it");
            assertThatThrownBy(() -> catalog.pool(namespace, "analysts"))
                    .isInstanceOf(CatalogUnavailableException.class)
                    .hasMessageContaining("has not listed the agentpools");
        }
    }

    @Test
    void anObjectThatThisVersionCannotReadHidesNoOther() {
        try (Cluster own = Cluster.own("--min-request-timeout=1")) {
            own.applyCrds();
            String namespace = own.newNamespace("newer");
            // a newer version's CRD knows a type that this one does not
            String crd = own.kubectl("get", "crd", "modelproviders.tagma.dev", "-o", "json")
                    .ok();
            own.kubectlWithInput(crd.replace("\"Ollama\"", "\"Ollama\",\"Quantum\""), "replace", "-f", "-")
                    .ok();
            String newer = PROVIDER.replace("demo", "newer").replace("Ollama", "Quantum");
            Awaitility.await()
                    .until(() -> own.kubectlWithInput(newer, "apply", "-n", namespace, "-f", "-")
                                    .exit()
                            == 0);
            try (KubernetesClient client = new KubernetesClientBuilder()
                            .withConfig(own.config())
                            .build();
                    ClusterCatalog catalog = catalog(client)) {
                own.kubectlWithInput(PROVIDER, "apply", "-n", namespace, "-f", "-")
                        .ok();
                waiting().until(() -> catalog.provider(namespace, "demo").isPresent());
                assertThatThrownBy(() -> catalog.provider(namespace, "newer"))
                        .isInstanceOf(CatalogUnavailableException.class)
                        .hasMessageContaining("was stored by another version");
                own.killApiServer();
                assertThat(catalog.provider(namespace, "demo")).isPresent();
                own.startApiServer();
                own.kubectlWithInput(PROVIDER.replace("demo", "later"), "apply", "-n", namespace, "-f", "-")
                        .ok();
                waiting().until(() -> catalog.provider(namespace, "later").isPresent());
            }
        }
    }
}
