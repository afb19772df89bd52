package dev.tagma.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class ClusterIT {
    private final Cluster cluster = Cluster.shared();

    @Test
    void crdsAreServed() {
        assertThat(cluster.kubectl("api-resources", "--api-group=tagma.dev", "-o", "name")
                        .ok()
                        .lines())
                .contains("missions.tagma.dev", "agentpools.tagma.dev", "modelproviders.tagma.dev");
    }

    @Test
    void usersMayDoWhatRbacLetsThem() {
        String namespace = cluster.newNamespace("rbac");
        KubernetesClient anna = cluster.client("anna", "analysts");
        assertThatThrownBy(() -> anna.pods().inNamespace(namespace).list())
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("User \"anna\" cannot list resource \"pods\"");
        cluster.kubectl("create", "role", "reader", "--verb=list", "--resource=pods", "-n", namespace)
                .ok();
        cluster.kubectl("create", "rolebinding", "reader", "--role=reader", "--group=analysts", "-n", namespace)
                .ok();
        Awaitility.await()
                .untilAsserted(() -> assertThat(cluster.kubectl(
                                        "auth",
                                        "can-i",
                                        "list",
                                        "pods",
                                        "--as=anna",
                                        "--as-group=analysts",
                                        "-n",
                                        namespace)
                                .out()
                                .strip())
                        .isEqualTo("yes"));
        assertThat(anna.pods().inNamespace(namespace).list().getItems()).isEmpty();
    }

    @Test
    void podTokensAreReviewed() {
        String namespace = cluster.newNamespace("tokens");
        cluster.newServiceAccount(namespace, "default");
        Pod pod = cluster.client().pods().inNamespace(namespace).resource(pod()).create();
        String token = cluster.token(namespace, "default", "tagma", Duration.ofMinutes(10), pod);

        TokenReview review = review(token, "tagma");
        assertThat(review.getStatus().getAuthenticated()).isTrue();
        assertThat(review.getStatus().getUser().getUsername())
                .isEqualTo("system:serviceaccount:" + namespace + ":default");
        assertThat(review.getStatus().getUser().getExtra().get("authentication.kubernetes.io/pod-uid"))
                .containsExactly(pod.getMetadata().getUid());
        assertThat(review(token, "another").getStatus().getAuthenticated()).isNotEqualTo(true);

        cluster.client().resource(pod).withGracePeriod(0).delete();
        // kube-apiserver keeps what it found of a token for 10 s
        Awaitility.await()
                .untilAsserted(
                        () -> assertThat(review(token, "tagma").getStatus().getAuthenticated())
                                .isNotEqualTo(true));
    }

    @Test
    void serviceAccountsAreClients() {
        String namespace = cluster.newNamespace("accounts");
        KubernetesClient robot = cluster.serviceAccountClient(namespace, "robot");
        assertThatThrownBy(() -> robot.secrets().inNamespace(namespace).list())
                .hasMessageContaining("system:serviceaccount:" + namespace + ":robot");
    }

    @Test
    void controllersRunDeploymentsAndEmptyDeletedNamespaces() {
        cluster.withControllerManager();
        String namespace = cluster.newNamespace("controllers");
        cluster.kubectl("create", "deployment", "web", "--image=none", "--replicas=2", "-n", namespace)
                .ok();
        Awaitility.await()
                .untilAsserted(() -> assertThat(cluster.client()
                                .pods()
                                .inNamespace(namespace)
                                .list()
                                .getItems())
                        .hasSize(2));
        cluster.kubectl("delete", "namespace", namespace, "--timeout=60s").ok();
        assertThat(cluster.client().namespaces().withName(namespace).get()).isNull();
    }

    @Test
    void apiServerComesBackWithItsObjects() {
        try (Cluster own = Cluster.own("--min-request-timeout=1");
                KubernetesClient client =
                        new KubernetesClientBuilder().withConfig(own.config()).build()) {
            String namespace = own.newNamespace("kept");
            own.killApiServer();
            assertThat(own.kubectl("get", "namespaces").exit()).isNotZero();
            own.startApiServer();
            assertThat(client.namespaces().withName(namespace).get()).isNotNull();
            own.pauseApiServer();
            assertThat(own.kubectl("get", "namespaces", "--request-timeout=1s").exit())
                    .isNotZero();
            own.resumeApiServer();
            assertThat(client.namespaces().withName(namespace).get()).isNotNull();
        }
    }

    private TokenReview review(String token, String audience) {
        return cluster.client()
                .resource(new TokenReviewBuilder()
                        .withNewSpec()
                        .withToken(token)
                        .withAudiences(audience)
                        .endSpec()
                        .build())
                .create();
    }

    private static Pod pod() {
        return new PodBuilder()
                .withNewMetadata()
                .withGenerateName("pod-")
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("main")
                .withImage("none")
                .endContainer()
                .endSpec()
                .build();
    }
}
