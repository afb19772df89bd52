package dev.tagma.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tagma.kube.Cluster;
import dev.tagma.operator.pool.Pools;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ApiServerPulseIT {
    /** How much the API server answers to a client. */
    private static final class Answers implements Interceptor {
        final AtomicLong bytes = new AtomicLong();
        final AtomicInteger pools = new AtomicInteger();

        @Override
        public AsyncBody.Consumer<List<ByteBuffer>> consumer(
                AsyncBody.Consumer<List<ByteBuffer>> consumer, HttpRequest request) {
            if (request.uri().getPath().endsWith("agentpools")) {
                pools.incrementAndGet();
            }
            return (buffers, body) -> {
                buffers.forEach(each -> bytes.addAndGet(each.remaining()));
                consumer.consume(buffers, body);
            };
        }
    }

    /** With ten thousand missions, a list of them every six seconds would be most of the operator's work. */
    @Test
    void itAsksWithoutBeingSentAnyObject() {
        Answers answers = new Answers();
        try (OperatorRig rig = new OperatorRig(Cluster.shared());
                KubernetesClient client = new KubernetesClientBuilder()
                        .withConfig(rig.cluster.config())
                        .withHttpClientBuilderConsumer(each -> each.addOrReplaceInterceptor("answers", answers))
                        .build()) {
            rig.apply(Pools.PROVIDER);
            rig.apply(Pools.pool("p"));
            OperatorSettings settings = new OperatorSettings(
                    rig.namespace,
                    Set.of(rig.namespace),
                    new OperatorSettings.Runtimes("tagma:test", "gateway:9443", false, null),
                    new OperatorSettings.Lease(
                            "l", "i", Duration.ofSeconds(3), Duration.ofSeconds(2), Duration.ofMillis(20)));
            try (ApiServerPulse pulse = new ApiServerPulse(client, settings)) {
                pulse.start();
                await().atMost(OperatorRig.PATIENCE).until(() -> answers.pools.get() >= 3);
                assertThat(pulse.missing()).isEmpty();
            }
            assertThat(answers.bytes.get() / (3L * answers.pools.get())).isLessThan(200);
        }
    }
}
