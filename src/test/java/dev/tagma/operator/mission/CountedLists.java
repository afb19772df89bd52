package dev.tagma.operator.mission;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts how often a client lists Missions, reads one object, and writes. */
final class CountedLists implements Interceptor {
    final AtomicInteger lists = new AtomicInteger();
    final AtomicInteger writes = new AtomicInteger();
    final AtomicInteger reads = new AtomicInteger();

    KubernetesClient open(Config config) {
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withHttpClientBuilderConsumer(builder -> builder.addOrReplaceInterceptor("counted", this))
                .build();
    }

    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
        String query = request.uri().getQuery();
        boolean watch = query != null && query.contains("watch=true");
        if (!request.method().equals("GET")) {
            writes.incrementAndGet();
        } else if (request.uri().getPath().endsWith("/missions") && !watch) {
            lists.incrementAndGet();
        } else if (!watch) {
            reads.incrementAndGet();
        }
    }
}
