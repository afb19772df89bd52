package dev.tagma.app.role;

import dev.tagma.kube.Cluster;
import dev.tagma.kube.Ports;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountTokenProjection;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A pod as a kubelet runs it: its one container is a process, its volumes are directories, its probes are asked. */
final class FakePod implements AutoCloseable {
    private static final Duration PROBE_EVERY = Duration.ofMillis(250);
    private static final Duration LONGEST_TOKEN = Duration.ofHours(2);
    private static final long DEFAULT_GRACE_SECONDS = 30;

    private final Cluster cluster;
    private final Pod pod;
    private final Container container;
    private final Path directory;
    private final FakeService service;
    private final int port = Ports.free();
    private final CountDownLatch ending = new CountDownLatch(1);
    private volatile RoleProcess process;
    private volatile long graceSeconds = DEFAULT_GRACE_SECONDS;
    private volatile boolean closed;
    private int restarts;

    FakePod(Cluster cluster, Pod pod, Path parent, List<Integer> gateways) {
        this.cluster = cluster;
        this.pod = pod;
        this.container = pod.getSpec().getContainers().getFirst();
        this.directory = parent.resolve(name());
        this.service = new FakeService(gateways);
    }

    String name() {
        return pod.getMetadata().getName();
    }

    boolean alive() {
        return process != null && process.alive();
    }

    RoleProcess process() {
        return process;
    }

    /** The network between this pod and its gateways. */
    FakeService network() {
        return service;
    }

    /** What the process printed over all its lives. */
    Path output() {
        return directory.resolve("output.log");
    }

    /** Runs the container until the pod is deleted; a process that ends before is replaced. */
    void run() {
        Map<String, String> environment = environment();
        Boolean reported = null;
        try {
            while (ending.getCount() > 0) {
                if (!alive()) {
                    restarts += process == null ? 0 : 1;
                    process = RoleProcess.start(container.getArgs().getFirst(), environment, port, output());
                    reported = null;
                }
                boolean ready = process.answers(
                        container.getReadinessProbe().getHttpGet().getPath());
                if (!Boolean.valueOf(ready).equals(reported)) {
                    reported = report(ready) ? ready : null;
                }
                if (ending.await(PROBE_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                    break;
                }
            }
            stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (process != null) {
                process.kill();
            }
            service.close();
        }
    }

    private void stop() {
        if (closed) {
            return;
        }
        process.terminate();
        if (!process.ended(Duration.ofSeconds(graceSeconds))) {
            process.kill();
        }
        cluster.client().resource(pod).withGracePeriod(0).delete();
    }

    /** The pod was deleted. */
    void end(Long seconds) {
        if (seconds != null) {
            graceSeconds = seconds;
        }
        ending.countDown();
    }

    private Map<String, String> environment() {
        Map<String, Path> mounts = mounts();
        Map<String, String> environment = new HashMap<>();
        for (EnvVar variable : container.getEnv()) {
            environment.put(variable.getName(), mounted(value(variable), mounts));
        }
        environment.put("TAGMA_GATEWAY", service.address());
        return environment;
    }

    private String value(EnvVar variable) {
        if (variable.getValueFrom() == null) {
            return variable.getValue() == null ? "" : variable.getValue();
        }
        String path = variable.getValueFrom().getFieldRef().getFieldPath();
        return switch (path) {
            case "metadata.name" -> name();
            case "metadata.namespace" -> pod.getMetadata().getNamespace();
            case "metadata.uid" -> pod.getMetadata().getUid();
            default -> throw new AssertionError("no such field in the downward API: " + path);
        };
    }

    private static String mounted(String value, Map<String, Path> mounts) {
        for (Map.Entry<String, Path> mount : mounts.entrySet()) {
            if (value.startsWith(mount.getKey())) {
                return mount.getValue() + value.substring(mount.getKey().length());
            }
        }
        return value;
    }

    private Map<String, Path> mounts() {
        Map<String, Path> mounts = new HashMap<>();
        for (Volume volume : pod.getSpec().getVolumes()) {
            for (VolumeMount mount : container.getVolumeMounts()) {
                if (mount.getName().equals(volume.getName())) {
                    mounts.put(mount.getMountPath(), fill(volume));
                }
            }
        }
        return mounts;
    }

    private Path fill(Volume volume) {
        Path place = directory.resolve(volume.getName());
        try {
            Files.createDirectories(place);
            if (volume.getProjected() != null) {
                for (VolumeProjection source : volume.getProjected().getSources()) {
                    if (source.getServiceAccountToken() != null) {
                        Files.writeString(
                                place.resolve(source.getServiceAccountToken().getPath()),
                                token(source.getServiceAccountToken()));
                    }
                }
            }
            return place;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String token(ServiceAccountTokenProjection projection) {
        return cluster.token(
                pod.getMetadata().getNamespace(),
                pod.getSpec().getServiceAccountName(),
                projection.getAudience(),
                LONGEST_TOKEN,
                pod);
    }

    /** Says in the pod's status what a kubelet would say. False where it could not be said. */
    private boolean report(boolean ready) {
        String now = Instant.now().toString().replaceFirst("\\.[0-9]+Z", "Z");
        var status = new PodStatusBuilder()
                .withPhase("Running")
                .withPodIP("127.0.0.1")
                .withStartTime(now)
                .addNewContainerStatus()
                .withName(container.getName())
                .withImage(container.getImage())
                .withImageID(container.getImage())
                .withReady(ready)
                .withRestartCount(restarts)
                .withNewState()
                .withNewRunning(now)
                .endState()
                .endContainerStatus();
        for (String type : List.of("PodScheduled", "Initialized", "ContainersReady", "Ready")) {
            status.addNewCondition()
                    .withType(type)
                    .withStatus(ready || !type.endsWith("eady") ? "True" : "False")
                    .withLastTransitionTime(now)
                    .endCondition();
        }
        var current = cluster.client()
                .pods()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(name());
        try {
            Pod found = current.get();
            if (found != null) {
                current.editStatus(
                        each -> each.edit().withStatus(status.build()).build());
            }
            return true;
        } catch (KubernetesClientException e) {
            return false;
        }
    }

    @Override
    public void close() {
        closed = true;
        ending.countDown();
    }

    @Override
    public String toString() {
        return name();
    }
}
