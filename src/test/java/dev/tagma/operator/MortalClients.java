package dev.tagma.operator;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Clients of a process that dies after so many writes, to the API server or to a store: nothing it sends after that arrives. The lease is
 * not counted.
 */
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

    /** It dies now. */
    public void kill() {
        dead = true;
    }

    public boolean dead() {
        return dead;
    }

    /** The store of the same process; the methods of these names are its writes. */
    public <T> T mortal(Class<T> port, T store, Set<String> writes) {
        return port.cast(Proxy.newProxyInstance(port.getClassLoader(), new Class<?>[] {port}, (proxy, method, args) -> {
            live(writes.contains(method.getName()));
            try {
                return method.invoke(store, args);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }));
    }

    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
        live(!request.method().equals("GET")
                && !request.uri().getPath().contains("/leases")
                && !request.uri().getPath().contains("/selfsubject"));
    }

    private void live(boolean write) {
        if (dead || write && left.getAndDecrement() <= 0) {
            dead = true;
            throw new KubernetesClientException("this process is dead");
        }
    }
}
