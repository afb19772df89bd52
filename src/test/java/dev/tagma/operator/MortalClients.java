package dev.tagma.operator;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients of a process that dies after so many writes: nothing it sends after that reaches the API server. The lease is not counted. */
public final class MortalClients implements Interceptor {
    private final AtomicInteger left;
    private volatile boolean dead;

    public MortalClients(int writes) {
        this.left = new AtomicInteger(writes);
    }

    public KubernetesClient open(Config config) {
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withHttpClientBuilderConsumer(builder -> builder.addOrReplaceInterceptor("mortal", this))
                .build();
    }

    public boolean dead() {
        return dead;
    }

    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
        boolean write = !request.method().equals("GET")
                && !request.uri().getPath().contains("/leases")
                && !request.uri().getPath().contains("/selfsubject");
        if (dead || write && left.getAndDecrement() <= 0) {
            dead = true;
            throw new IllegalStateException("this process is dead");
        }
    }
}
