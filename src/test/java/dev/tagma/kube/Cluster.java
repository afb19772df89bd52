package dev.tagma.kube;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.BoundObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestSpecBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A real Kubernetes control plane: etcd, kube-apiserver with RBAC and service account tokens, and kube-controller-manager where it is
 * asked for. There is no scheduler and no kubelet: pods are objects. {@link #shared()} is one for the whole JVM, with the CRDs applied,
 * which nobody stops; a test that troubles its API server starts its {@link #own}.
 */
public final class Cluster implements AutoCloseable {
    private final ControlPlane plane;
    private final Kubectl kubectl;
    private final Map<String, KubernetesClient> clients = new ConcurrentHashMap<>();
    private final AtomicInteger names = new AtomicInteger();

    private Cluster(String... apiServerFlags) {
        Programs programs = Programs.find();
        plane = new ControlPlane(programs, apiServerFlags);
        kubectl = new Kubectl(
                programs.path("kubectl"), plane.kubeconfig(), plane.directory().resolve("kubectl-cache"));
        Runtime.getRuntime().addShutdownHook(new Thread(plane::close));
        plane.start();
    }

    /** The cluster of all tests of this JVM, started at its first use, with the CRDs. */
    public static Cluster shared() {
        return Shared.CLUSTER;
    }

    /**
     * A cluster of the caller's own, without CRDs, up in about four seconds.
     *
     * @param apiServerFlags further flags, such as {@code --min-request-timeout=1}
     */
    public static Cluster own(String... apiServerFlags) {
        return new Cluster(apiServerFlags);
    }

    /** Has kube-controller-manager run beside the API server from now on; the same cluster. */
    public synchronized Cluster withControllerManager() {
        if (!plane.controllerManager().isRunning()) {
            plane.controllerManager().start();
        }
        return this;
    }

    /** The administrator's client; it is the cluster's to close. */
    public KubernetesClient client() {
        return clients.computeIfAbsent("", _ -> open(config()));
    }

    /** The client of a user in these groups, and in system:authenticated; it is the cluster's to close. */
    public KubernetesClient client(String user, String... groups) {
        return clients.computeIfAbsent(user + Arrays.toString(groups), _ -> open(config(user, groups)));
    }

    /** The client of a service account, which is created where it is missing; it is the cluster's to close. */
    public KubernetesClient serviceAccountClient(String namespace, String name) {
        return clients.computeIfAbsent("system:serviceaccount:" + namespace + ":" + name, _ -> {
            String token = token(namespace, name, Duration.ofHours(2));
            return open(new ConfigBuilder(config()).withOauthToken(token).build());
        });
    }

    /** The administrator's settings, for a client that the caller closes; as impatient as the roles' own. */
    public Config config() {
        return new ConfigBuilder(Config.empty())
                .withMasterUrl(plane.url())
                .withCaCertFile(plane.certificate().toString())
                .withOauthToken(ControlPlane.ADMIN_TOKEN)
                .withRequestRetryBackoffLimit(2)
                .build();
    }

    /** A user's settings, for a client that the caller closes. */
    public Config config(String user, String... groups) {
        return new ConfigBuilder(config())
                .withImpersonateUsername(user)
                .withImpersonateGroups(groups)
                .build();
    }

    private static KubernetesClient open(Config config) {
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    /** The administrator's kubeconfig, for processes. */
    public Path kubeconfig() {
        return plane.kubeconfig();
    }

    /** Runs kubectl as the administrator; {@code --as USER} makes it somebody else. */
    public Command.Result kubectl(String... arguments) {
        return kubectl.run("", List.of(arguments));
    }

    /** Runs kubectl with something to read, such as a manifest for {@code apply -f -}. */
    public Command.Result kubectlWithInput(String input, String... arguments) {
        return kubectl.run(input, List.of(arguments));
    }

    /** Applies crds/ and returns when their kinds are served. */
    public void applyCrds() {
        kubectl("apply", "--server-side", "-f", "crds").ok();
        kubectl("wait", "--for=condition=Established", "--timeout=60s", "-f", "crds")
                .ok();
    }

    /** Creates a namespace that no other test has, and returns its name. */
    public String newNamespace(String prefix) {
        String name = prefix + "-" + names.incrementAndGet();
        client().resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .create();
        return name;
    }

    /** Creates a service account where it is missing; pods need one, and without kube-controller-manager nobody makes {@code default}. */
    public void newServiceAccount(String namespace, String name) {
        ServiceAccount account = new ServiceAccountBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .endMetadata()
                .build();
        client().resource(account).serverSideApply();
    }

    /** A token for the API server, of a service account that is created where it is missing. */
    public String token(String namespace, String serviceAccount, Duration expiry) {
        return token(namespace, serviceAccount, new TokenRequestSpecBuilder(), expiry);
    }

    /**
     * A token as the kubelet projects it into a pod.
     *
     * @param expiry 10 minutes or more
     */
    public String token(String namespace, String serviceAccount, String audience, Duration expiry, Pod bound) {
        var spec = new TokenRequestSpecBuilder()
                .withAudiences(audience)
                .withBoundObjectRef(new BoundObjectReferenceBuilder()
                        .withApiVersion("v1")
                        .withKind("Pod")
                        .withName(bound.getMetadata().getName())
                        .withUid(bound.getMetadata().getUid())
                        .build());
        return token(namespace, serviceAccount, spec, expiry);
    }

    /** A token for an audience, bound to no pod. */
    public String token(String namespace, String serviceAccount, String audience, Duration expiry) {
        return token(namespace, serviceAccount, new TokenRequestSpecBuilder().withAudiences(audience), expiry);
    }

    /** The token of a service account as if it had been given out an hour before it expired, a minute ago. */
    public String expired(String token) {
        String[] parts = token.split("\\.");
        String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
        long end = Instant.now().minus(Duration.ofMinutes(1)).getEpochSecond();
        String past = claims.replaceAll("\"exp\":\\d+", "\"exp\":" + end)
                .replaceAll(
                        "\"(iat|nbf)\":\\d+",
                        "\"$1\":" + (end - Duration.ofHours(1).toSeconds()));
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        String content = parts[0] + "." + encoder.encodeToString(past.getBytes(StandardCharsets.UTF_8));
        return content + "."
                + encoder.encodeToString(
                        Keys.sign(Keys.signing(plane.directory()), content.getBytes(StandardCharsets.UTF_8)));
    }

    private String token(String namespace, String name, TokenRequestSpecBuilder spec, Duration expiry) {
        newServiceAccount(namespace, name);
        TokenRequest request = new TokenRequestBuilder()
                .withSpec(spec.withExpirationSeconds(expiry.toSeconds()).build())
                .build();
        return client().serviceAccounts()
                .inNamespace(namespace)
                .withName(name)
                .tokenRequest(request)
                .getStatus()
                .getToken();
    }

    /** Stops the API server: connections are refused. Objects stay. */
    public void stopApiServer() {
        plane.apiServer().stop();
    }

    /** Kills the API server: connections break. Objects stay. */
    public void killApiServer() {
        plane.apiServer().kill();
    }

    /** Starts the stopped or killed API server again, at the same port, and returns when it is ready. */
    public void startApiServer() {
        plane.apiServer().start();
    }

    /** Freezes the API server: connections stay, and nothing answers. */
    public void pauseApiServer() {
        plane.apiServer().freeze();
    }

    /** Lets the frozen API server go on. */
    public void resumeApiServer() {
        plane.apiServer().thaw();
    }

    @Override
    public void close() {
        clients.values().forEach(KubernetesClient::close);
        plane.close();
    }

    private static final class Shared {
        private static final Cluster CLUSTER = new Cluster();

        static {
            CLUSTER.applyCrds();
        }
    }
}
