package dev.tagma.operator.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tagma.operator.OperatorSettings.Runtimes;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodOverlayTest {
    private final PodTemplateSpec base =
            new RuntimePod(new Runtimes("tagma:1", "gateway.tagma:9443", false, null)).of(PoolSamples.pool());
    private final PodOverlay overlay = new PodOverlay(PoolSamples.SERIALIZATION);

    private PodTemplateSpec over(String template) throws TemplateException {
        return overlay.over(base, PoolSamples.yaml(template));
    }

    @Test
    void noTemplateChangesNothing() throws TemplateException {
        assertThat(overlay.over(base, null)).isEqualTo(base);
        assertThat(over("{}")).isEqualTo(base);
    }

    @Test
    void whatTheHostAndTheIdentityDoNotConcernIsThePools() throws TemplateException {
        PodTemplateSpec merged = over("""
                metadata:
                  labels: {team: carbon}
                  annotations: {hostPath: this is text}
                spec:
                  nodeSelector: {hostNetwork: also-text}
                  priorityClassName: low
                  hostname: a
                  tolerations: [{key: spot, operator: Exists}]
                  containers:
                  - name: runtime
                    resources: {limits: {memory: 1Gi}}
                    env: [{name: JAVA_OPTS, value: -Xmx1g}]
                    securityContext: {privileged: false}
                  - {name: sidecar, image: proxy:1}
                """);
        assertThat(merged.getMetadata().getLabels())
                .containsEntry("team", "carbon")
                .containsEntry(PoolNames.POOL, "p");
        assertThat(merged.getSpec().getPriorityClassName()).isEqualTo("low");
        assertThat(merged.getSpec().getContainers())
                .extracting(Container::getName)
                .containsExactly("runtime", "sidecar");
        Container runtime = merged.getSpec().getContainers().getFirst();
        assertThat(runtime.getImage()).isEqualTo("tagma:1");
        assertThat(runtime.getEnv()).extracting("name").contains("TAGMA_GATEWAY", "JAVA_OPTS");
        assertThat(runtime.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
        assertThat(merged.getSpec().getServiceAccountName()).isEqualTo("p-runtime");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "spec.hostNetwork                                       | {spec: {hostNetwork: true}}",
                "spec.hostPID                                           | {spec: {hostPID: true}}",
                "spec.hostUsers                                         | {spec: {hostUsers: true}}",
                "spec.volumes[0].hostPath                               | {spec: {volumes: [{name: v, hostPath: {path: /}}]}}",
                "spec.containers[0].ports[0].hostPort                   | {spec: {containers: [{name: c, ports: [{containerPort: 1, hostPort: 1}]}]}}",
                "spec.serviceAccountName                                | {spec: {serviceAccountName: admin}}",
                "spec.serviceAccount                                    | {spec: {serviceAccount: admin}}",
                "spec.automountServiceAccountToken                      | {spec: {automountServiceAccountToken: true}}",
                "spec.volumes[0].projected.sources[0].serviceAccountToken | {spec: {volumes: [{name: v, projected: {sources: [{serviceAccountToken: {path: t}}]}}]}}",
                "spec.volumes[0].projected.sources[0].secret            | {spec: {volumes: [{name: v, projected: {sources: [{secret: {name: s}}]}}]}}",
                "spec.volumes[0].secret                                 | {spec: {volumes: [{name: v, secret: {secretName: s}}]}}",
                "spec.containers[0].env[0].valueFrom.secretKeyRef       | {spec: {containers: [{name: c, env: [{name: K, valueFrom: {secretKeyRef: {name: s, key: k}}}]}]}}",
                "spec.initContainers[0].envFrom[0].secretRef            | {spec: {initContainers: [{name: c, envFrom: [{secretRef: {name: s}}]}]}}",
                "spec.volumes[0].csi.nodePublishSecretRef               | {spec: {volumes: [{name: v, csi: {driver: d, nodePublishSecretRef: {name: s}}}]}}",
                "spec.ephemeralContainers                               | {spec: {ephemeralContainers: [{name: c}]}}",
                "spec.containers[0].securityContext.privileged          | {spec: {containers: [{name: c, securityContext: {privileged: true}}]}}",
                "spec.containers[0].securityContext.allowPrivilegeEscalation | {spec: {containers: [{name: c, securityContext: {allowPrivilegeEscalation: 'true'}}]}}",
                "spec.containers[runtime].command                       | {spec: {containers: [{name: runtime, command: [sh]}]}}",
                "spec.containers[runtime].args                          | {spec: {containers: [{name: runtime, args: [gateway]}]}}",
                "spec.containers[runtime].image                         | {spec: {containers: [{name: runtime, image: mine}]}}",
                "spec.containers[runtime].env[TAGMA_POOL_UID]           | {spec: {containers: [{name: runtime, env: [{name: TAGMA_POOL_UID, value: x}]}]}}",
                "spec.containers[0].$patch                              | {spec: {containers: [{name: runtime, $patch: delete}]}}",
                "metadata.name                                          | {metadata: {name: x}}",
                "metadata.labels[tagma.dev/pool]                        | {metadata: {labels: {tagma.dev/pool: other}}}",
                "metadata.labels[app.kubernetes.io/component]           | {metadata: {labels: {app.kubernetes.io/component: gateway}}}",
                "kind                                                   | {kind: Pod}",
            })
    void whatIsNotThePoolsToSayIsRefusedByItsName(String path, String template) {
        assertThatThrownBy(() -> over(template))
                .isInstanceOf(TemplateException.class)
                .hasMessageStartingWith("spec.runtime.template." + path);
    }

    @Test
    void whatIsNoPodTemplateIsRefused() {
        assertThatThrownBy(() -> over("[1]"))
                .hasMessageStartingWith("spec.runtime.template")
                .hasMessageContaining("is no object");
        assertThatThrownBy(() -> over("{spec: {containers: {}}}")).hasMessageContaining("is no pod template");
        assertThatThrownBy(() -> over("{spec: {priority: high}}")).hasMessageContaining("is no pod template");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "metadata                              | {metadata: null}",
                "metadata.labels                       | {metadata: {labels: null}}",
                "spec                                  | {spec: null}",
                "spec.containers                       | {spec: {containers: null}}",
                "spec.volumes                          | {spec: {volumes: null}}",
                "spec.containers[runtime].env          | {spec: {containers: [{name: runtime, env: null}]}}",
                "spec.containers[runtime].volumeMounts | {spec: {containers: [{name: runtime, volumeMounts: null}]}}",
            })
    void whatTheOperatorNeedsCannotBeRemoved(String path, String template) {
        assertThatThrownBy(() -> over(template))
                .hasMessage("spec.runtime.template." + path + ": cannot be removed, what the operator needs is in it");
    }

    @Test
    void whatItDoesNotNeedCanBeRemoved() throws TemplateException {
        assertThat(over("{spec: {topologySpreadConstraints: null}}").getSpec().getTopologySpreadConstraints())
                .isEmpty();
    }
}
