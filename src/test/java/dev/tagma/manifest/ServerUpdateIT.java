package dev.tagma.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tagma.api.v1alpha1.Mission;
import dev.tagma.api.v1alpha1.MissionStatus;
import dev.tagma.api.v1alpha1.MissionStatus.Phase;
import dev.tagma.kube.Cluster;
import io.fabric8.kubernetes.api.model.StatusDetails;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.InputStream;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a Mission may become: the API server's verdict, and that the validator's is the same. */
class ServerUpdateIT {
    private static final Cluster CLUSTER = Cluster.shared();
    private static final ManifestReader READER = new ManifestReader(InputStream.nullInputStream());
    private static final String NAMESPACE = CLUSTER.newNamespace("updates");

    private final KubernetesClient client = CLUSTER.client();

    @ParameterizedTest
    @CsvFileSource(delimiter = '|', files = "src/test/resources/manifests/immutable.csv")
    void fieldIsImmutable(String field, String value) {
        String name = field.toLowerCase();
        String rule = "spec." + field + ": Invalid value: \"object\": field is immutable; create another Mission";
        Mission plain = apply(name, "");
        Mission changed = applied(name, "  " + field + ": " + value + "\n");
        assertRefused(plain, changed, rule);
        missions(name).delete();
        assertRefused(create(changed), applied(name, ""), rule);
    }

    @ParameterizedTest
    @ValueSource(strings = {"suspend: true", "cancel: true", "retention: {data: 1h}"})
    void fieldMayChange(String field) {
        String name = field.substring(0, field.indexOf(':'));
        Mission plain = apply(name, "");
        Mission changed = update(applied(name, "  " + field + "\n"));
        assertThat(changed.getMetadata().getGeneration()).isEqualTo(2);
        assertThat(READER.validateUpdate(plain, changed)).isEmpty();
    }

    @Test
    void cancelIsLatched() {
        Mission cancelled = apply("latched", "  cancel: true\n");
        String rule =
                "spec.cancel: Invalid value: \"object\": a cancelled mission stays cancelled; create another Mission";
        assertRefused(cancelled, applied("latched", "  cancel: false\n"), rule);
        assertRefused(cancelled, applied("latched", ""), rule);
    }

    @ParameterizedTest
    @EnumSource(names = {"Succeeded", "Failed", "Cancelled"})
    void finalPhaseNeverChanges(Phase last) {
        String name = "final-" + last.name().toLowerCase();
        apply(name, "");
        for (Phase phase : List.of(Phase.Queued, Phase.Running, last)) {
            status(name, phase);
        }
        status(name, last);
        for (Phase phase : Phase.values()) {
            if (phase != last) {
                assertFinal(() -> status(name, phase));
            }
        }
        assertFinal(() -> status(name, null));
        assertFinal(() -> missions(name).editStatus(ServerUpdateIT::withoutStatus));
        assertThat(missions(name).get().getStatus().phase()).isEqualTo(last);
    }

    @Test
    void statusOfAMissionNobodySawYetSaysSo() {
        assertThat(apply("unseen", "").getStatus().observedGeneration()).isEqualTo(-1);
    }

    @Test
    void specWritersCannotWriteStatus() {
        apply("spec-writer", "");
        Mission mission = missions("spec-writer").get();
        mission.setStatus(at(Phase.Succeeded));
        Mission stored = client.resource(mission).update();
        assertThat(stored.getStatus().phase()).isNull();
        assertThat(stored.getMetadata().getGeneration()).isEqualTo(1);
    }

    @Test
    void statusWritersCannotWriteSpec() {
        apply("status-writer", "");
        Mission mission = applied("status-writer", "  suspend: true\n");
        mission.setStatus(at(Phase.Running));
        Mission stored = client.resource(mission).updateStatus();
        assertThat(stored.getSpec().suspend()).isFalse();
        assertThat(stored.getStatus().phase()).isEqualTo(Phase.Running);
    }

    private void assertFinal(ThrowingCallable change) {
        assertThatThrownBy(change)
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("status.phase: Invalid value: \"object\": a final phase never changes");
    }

    private void assertRefused(Mission stored, Mission changed, String rule) {
        assertThat(READER.validateUpdate(stored, changed)).containsExactly(rule);
        assertThatThrownBy(() -> update(changed)).isInstanceOfSatisfying(KubernetesClientException.class, refusal -> {
            assertThat(refusal.getCode()).isEqualTo(422);
            StatusDetails details = refusal.getStatus().getDetails();
            assertThat(details.getCauses())
                    .extracting(cause -> cause.getField() + ": " + cause.getMessage())
                    .containsExactly(rule);
        });
    }

    private void status(String name, Phase phase) {
        Mission mission = missions(name).get();
        mission.setStatus(at(phase));
        client.resource(mission).updateStatus();
    }

    private static Mission withoutStatus(Mission mission) {
        mission.setStatus(null);
        return mission;
    }

    private static MissionStatus at(Phase phase) {
        return MissionStatus.NONE.in(phase, null).observed(1L, List.of());
    }

    private Mission apply(String name, String fields) {
        return create(applied(name, fields));
    }

    private Mission create(Mission mission) {
        return client.resource(mission).create();
    }

    private Mission update(Mission mission) {
        mission.getMetadata().setResourceVersion(null);
        return client.resource(mission).update();
    }

    private Resource<Mission> missions(String name) {
        return client.resources(Mission.class).inNamespace(NAMESPACE).withName(name);
    }

    /** The manifest as {@code tagma} reads it. */
    private static Mission applied(String name, String fields) {
        return ManifestUpdateTest.mission(NAMESPACE, name, fields);
    }
}
