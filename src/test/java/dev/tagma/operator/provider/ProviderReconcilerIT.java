package dev.tagma.operator.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.tagma.api.v1alpha1.Condition;
import dev.tagma.api.v1alpha1.ModelProvider;
import dev.tagma.kube.Cluster;
import dev.tagma.operator.OperatorRig;
import dev.tagma.operator.Standing;
import dev.tagma.operator.pool.Pools;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Providers on a real API server, asked over real HTTP. */
class ProviderReconcilerIT {
    private final AtomicInteger status = new AtomicInteger();
    private volatile String accepted = "right-key";
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private HttpServer server;
    private OperatorRig rig;

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/models", exchange -> {
            String bearer = exchange.getRequestHeaders().getFirst("Authorization");
            String key = bearer == null ? exchange.getRequestHeaders().getFirst("x-api-key") : bearer.substring(7);
            int code = status.get() != 0 ? status.get() : accepted.equals(key) ? 200 : 401;
            byte[] body = ("{\"error\": {\"message\": \"I saw " + key + "\"}}").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(code, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.setExecutor(threads);
        server.start();
        rig = new OperatorRig(Cluster.shared());
        rig.operator();
    }

    @AfterEach
    void close() {
        rig.close();
        server.stop(0);
        threads.shutdownNow();
    }

    private void provider(String type) {
        rig.apply("""
                apiVersion: tagma.dev/v1alpha1
                kind: ModelProvider
                metadata: {name: p}
                spec:
                  type: %s
                  endpoint: http://127.0.0.1:%d/v1
                  credentials: {secretKeyRef: {name: key, key: k}}
                """.formatted(type, server.getAddress().getPort()));
    }

    private void secret(String name, String value) {
        rig.apply("{apiVersion: v1, kind: Secret, metadata: {name: key}, data: {" + name + ": "
                + Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8)) + "}}");
    }

    private Condition awaitReason(String reason) {
        await().atMost(OperatorRig.PATIENCE)
                .until(() -> condition("Ready") != null
                        && reason.equals(condition("Ready").reason()));
        return condition("Ready");
    }

    private Condition condition(String type) {
        ModelProvider now = rig.get(ModelProvider.class, "p");
        return now.getStatus() == null || now.getStatus().conditions() == null
                ? null
                : now.getStatus().conditions().stream()
                        .filter(each -> each.type().equals(type))
                        .findFirst()
                        .orElseThrow();
    }

    @Test
    void aRotatedKeyIsSeenWithoutARestartAndShownNowhere() {
        provider("OpenAI");
        assertThat(awaitReason("SecretNotFound").message()).contains("Secret " + rig.namespace + "/key");
        assertThat(condition("Reconciling").status()).isEqualTo(Condition.Status.True);
        secret("other", "x");
        awaitReason("SecretKeyNotFound");
        secret("k", "wrong-key");
        assertThat(awaitReason("AuthenticationFailed").message()).contains("I saw ***");
        assertThat(condition("Stalled").status()).isEqualTo(Condition.Status.True);

        secret("k", "right-key");

        assertThat(awaitReason("Reachable").status()).isEqualTo(Condition.Status.True);
        String all = rig.cluster
                .kubectl("get", "modelproviders,events", "-n", rig.namespace, "-o", "yaml")
                .ok()
                .toString();
        assertThat(all).contains("AuthenticationFailed").doesNotContain("wrong-key", "right-key");
        assertThat(rig.events("p")).contains("Warning ProviderFailing", "Normal Reachable");
    }

    @Test
    void anthropicIsAskedWithItsOwnHeader() {
        secret("k", "right-key");
        provider("Anthropic");
        awaitReason("Reachable");
    }

    @Test
    void troubleOfTheServiceIsToldApart() {
        secret("k", "right-key");
        status.set(503);
        provider("OpenAI");
        awaitReason("Unreachable");
        status.set(429);
        awaitReason("RateLimited");
        status.set(404);
        assertThat(awaitReason("InvalidEndpoint").message()).endsWith("; check spec.endpoint");
    }

    @Test
    void aScriptIsReadAndJudged() {
        rig.apply("""
                apiVersion: tagma.dev/v1alpha1
                kind: ModelProvider
                metadata: {name: p}
                spec: {type: Scripted, script: {configMapKeyRef: {name: demo, key: script}}}
                """);
        awaitReason("ScriptNotFound");
        rig.apply("{apiVersion: v1, kind: ConfigMap, metadata: {name: demo}, data: {script: 'nonsense: 1'}}");
        awaitReason("InvalidScript");
    }

    @Test
    void aProviderThatNeverAnswersIsUnreachableAndKeepsNothingWaiting() {
        CountDownLatch end = new CountDownLatch(1);
        server.createContext("/slow/models", exchange -> {
            try (exchange) {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        try {
            rig.apply(IntStream.range(0, 60)
                    .mapToObj(i -> """
                    apiVersion: tagma.dev/v1alpha1
                    kind: ModelProvider
                    metadata: {name: slow-%d}
                    spec: {type: OpenAI, endpoint: "http://127.0.0.1:%d/slow"}
                    """.formatted(i, server.getAddress().getPort()))
                    .collect(Collectors.joining("---\n")));
            rig.apply(Pools.pool("p"));
            rig.awaitReason("p", "ProviderNotFound");
            await().atMost(OperatorRig.PATIENCE)
                    .until(() -> IntStream.range(0, 60).anyMatch(this::isUnreachable));
        } finally {
            end.countDown();
        }
    }

    private boolean isUnreachable(int number) {
        ModelProvider now = rig.get(ModelProvider.class, "slow-" + number);
        return Standing.reason(now.getStatus().conditions()).equals(Optional.of("Unreachable"));
    }
}
