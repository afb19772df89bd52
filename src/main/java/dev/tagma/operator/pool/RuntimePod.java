package dev.tagma.operator.pool;

import dev.tagma.api.v1alpha1.AgentPool;
import dev.tagma.api.v1alpha1.PoolRuntime;
import dev.tagma.operator.OperatorSettings.Runtimes;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraintBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.api.model.WeightedPodAffinityTerm;
import io.fabric8.kubernetes.api.model.WeightedPodAffinityTermBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The pod of a runtime before the pool's own template: no privileges, no key, one token that only the gateway takes. */
final class RuntimePod {
    /** The runtime's container. */
    static final String CONTAINER = "runtime";

    /** Where health and metrics are. */
    static final int HTTP_PORT = 8080;

    /** Missions that a runtime runs at a time where the pool does not say. */
    static final int DEFAULT_SLOTS = 50;

    /** The drain's own 20 s, and time to say good-bye. */
    private static final long GRACE_SECONDS = 40;

    private static final long TOKEN_SECONDS = 600;
    private static final int ZONE_WEIGHT = 100;
    private static final String TOKEN_DIRECTORY = "/var/run/secrets/tagma";
    /** Where the certificates that vouch for the gateway are in the pool's ConfigMap. */
    static final String AUTHORITY_KEY = "ca.crt";

    private static final String AUTHORITY_DIRECTORY = "/var/run/tagma-ca";

    private final Runtimes runtimes;

    RuntimePod(Runtimes runtimes) {
        this.runtimes = runtimes;
    }

    PodTemplateSpec of(AgentPool pool) {
        PoolRuntime wanted = pool.getSpec().runtime();
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(PoolNames.labels(pool))
                .endMetadata()
                .withNewSpec()
                .withServiceAccountName(PoolNames.of(pool))
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withTerminationGracePeriodSeconds(GRACE_SECONDS)
                .withNewSecurityContext()
                .withRunAsNonRoot(true)
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                .withTopologySpreadConstraints(overNodes(pool))
                .withNewAffinity()
                .withNewPodAntiAffinity()
                .withPreferredDuringSchedulingIgnoredDuringExecution(overZones(pool))
                .endPodAntiAffinity()
                .endAffinity()
                .withContainers(container(pool, wanted))
                .withVolumes(volumes(pool))
                .endSpec()
                .build();
    }

    private Container container(AgentPool pool, PoolRuntime wanted) {
        return new ContainerBuilder()
                .withName(CONTAINER)
                .withImage(wanted == null || wanted.image() == null ? runtimes.image() : wanted.image())
                .withArgs("runtime")
                .withEnv(environment(pool, wanted))
                .withResources(resources(wanted))
                .addNewPort()
                .withName("http")
                .withContainerPort(HTTP_PORT)
                .withProtocol("TCP")
                .endPort()
                .withStartupProbe(probe("/q/health/live", 2, 30))
                .withLivenessProbe(probe("/q/health/live", 10, 6))
                .withReadinessProbe(probe("/q/health/ready", 5, 2))
                .withNewSecurityContext()
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .endSecurityContext()
                .withVolumeMounts(mounts())
                .build();
    }

    private List<EnvVar> environment(AgentPool pool, PoolRuntime wanted) {
        Integer slots = wanted == null ? null : wanted.missionsPerPod();
        List<EnvVar> environment = new ArrayList<>();
        environment.add(variable("TAGMA_GATEWAY", runtimes.gateway()));
        environment.add(variable("TAGMA_GATEWAY_PLAINTEXT", Boolean.toString(runtimes.plaintext())));
        if (runtimes.authority() != null) {
            environment.add(variable("TAGMA_GATEWAY_CA", AUTHORITY_DIRECTORY + "/" + AUTHORITY_KEY));
        }
        environment.add(variable("TAGMA_TOKEN_FILE", TOKEN_DIRECTORY + "/token"));
        environment.add(variable("TAGMA_POOL_UID", pool.getMetadata().getUid()));
        environment.add(variable("TAGMA_SLOTS", Integer.toString(slots == null ? DEFAULT_SLOTS : slots)));
        environment.add(new EnvVarBuilder()
                .withName("TAGMA_POD_NAME")
                .withNewValueFrom()
                .withNewFieldRef()
                .withApiVersion("v1")
                .withFieldPath("metadata.name")
                .endFieldRef()
                .endValueFrom()
                .build());
        return environment;
    }

    private static EnvVar variable(String name, String value) {
        return new EnvVarBuilder().withName(name).withValue(value).build();
    }

    private static ResourceRequirements resources(PoolRuntime wanted) {
        if (wanted == null || wanted.resources() == null) {
            return null;
        }
        return new ResourceRequirementsBuilder()
                .withRequests(orNone(wanted.resources().requests()))
                .withLimits(orNone(wanted.resources().limits()))
                .build();
    }

    private static Map<String, Quantity> orNone(Map<String, Quantity> quantities) {
        return quantities == null ? Map.of() : quantities;
    }

    private static Probe probe(String path, int everySeconds, int failures) {
        return new ProbeBuilder()
                .withNewHttpGet()
                .withPath(path)
                .withPort(new IntOrString("http"))
                .endHttpGet()
                .withPeriodSeconds(everySeconds)
                .withTimeoutSeconds(2)
                .withFailureThreshold(failures)
                .build();
    }

    private static TopologySpreadConstraint overNodes(AgentPool pool) {
        return new TopologySpreadConstraintBuilder()
                .withMaxSkew(1)
                .withTopologyKey("kubernetes.io/hostname")
                .withWhenUnsatisfiable("ScheduleAnyway")
                .withNewLabelSelector()
                .withMatchLabels(PoolNames.selector(pool))
                .endLabelSelector()
                .withMatchLabelKeys("pod-template-hash")
                .build();
    }

    /** No second constraint: the scheduler ignores all of them on nodes that lack the label of one, as bare clusters lack zones. */
    private static WeightedPodAffinityTerm overZones(AgentPool pool) {
        return new WeightedPodAffinityTermBuilder()
                .withWeight(ZONE_WEIGHT)
                .withNewPodAffinityTerm()
                .withTopologyKey("topology.kubernetes.io/zone")
                .withNewLabelSelector()
                .withMatchLabels(PoolNames.selector(pool))
                .endLabelSelector()
                .endPodAffinityTerm()
                .build();
    }

    private List<Volume> volumes(AgentPool pool) {
        List<Volume> volumes = new ArrayList<>();
        volumes.add(new VolumeBuilder()
                .withName("token")
                .withNewProjected()
                .addNewSource()
                .withNewServiceAccountToken()
                .withAudience("tagma")
                .withExpirationSeconds(TOKEN_SECONDS)
                .withPath("token")
                .endServiceAccountToken()
                .endSource()
                .endProjected()
                .build());
        volumes.add(new VolumeBuilder()
                .withName("tmp")
                .withNewEmptyDir()
                .endEmptyDir()
                .build());
        if (runtimes.authority() != null) {
            volumes.add(new VolumeBuilder()
                    .withName("gateway-ca")
                    .withNewConfigMap()
                    .withName(PoolNames.of(pool))
                    .endConfigMap()
                    .build());
        }
        return volumes;
    }

    private List<VolumeMount> mounts() {
        List<VolumeMount> mounts = new ArrayList<>();
        mounts.add(mount("token", TOKEN_DIRECTORY, true));
        mounts.add(mount("tmp", "/tmp", false));
        if (runtimes.authority() != null) {
            mounts.add(mount("gateway-ca", AUTHORITY_DIRECTORY, true));
        }
        return mounts;
    }

    private static VolumeMount mount(String volume, String path, boolean readOnly) {
        return new VolumeMountBuilder()
                .withName(volume)
                .withMountPath(path)
                .withReadOnly(readOnly)
                .build();
    }
}
