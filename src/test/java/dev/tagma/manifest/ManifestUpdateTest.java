package dev.tagma.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.api.v1alpha1.Mission;
import dev.tagma.api.v1alpha1.MissionStatus;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestUpdateTest {
    private static final ManifestReader READER = new ManifestReader(InputStream.nullInputStream());

    @ParameterizedTest
    @CsvFileSource(delimiter = '|', files = "src/test/resources/manifests/immutable.csv")
    void fieldIsImmutable(String field, String value) {
        Mission old = mission("");
        Mission changed = mission("  " + field + ": " + value + "\n");
        String problem = "spec." + field + ": Invalid value: \"object\": field is immutable; create another Mission";
        assertThat(READER.validateUpdate(old, changed)).containsExactly(problem);
        assertThat(READER.validateUpdate(changed, old)).containsExactly(problem);
        assertThat(READER.validateUpdate(changed, changed)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"suspend: true", "cancel: true", "retention: {data: 1h}"})
    void fieldMayChange(String field) {
        assertThat(READER.validateUpdate(mission(""), mission("  " + field + "\n")))
                .isEmpty();
    }

    @Test
    void cancelIsLatched() {
        assertThat(READER.validateUpdate(mission("  cancel: true\n"), mission("  cancel: false\n")))
                .containsExactly(
                        "spec.cancel: Invalid value: \"object\": a cancelled mission stays cancelled; create another Mission");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Succeeded", "Failed", "Cancelled"})
    void finalPhaseNeverChanges(MissionStatus.Phase phase) {
        assertThat(READER.validateUpdate(at(phase), at(MissionStatus.Phase.Queued)))
                .containsExactly("status.phase: Invalid value: \"object\": a final phase never changes");
        assertThat(READER.validateUpdate(at(phase), at(null))).hasSize(1);
        assertThat(READER.validateUpdate(at(phase), at(phase))).isEmpty();
        assertThat(READER.validateUpdate(at(MissionStatus.Phase.Running), at(phase)))
                .isEmpty();
    }

    private static Mission at(MissionStatus.Phase phase) {
        Mission mission = mission("");
        mission.setStatus(MissionStatus.NONE.in(phase, null).observed(1L, null));
        return mission;
    }

    private static Mission mission(String fields) {
        return mission("default", "a", fields);
    }

    static Mission mission(String namespace, String name, String fields) {
        String goal = fields.startsWith("  goal") ? "" : "  goal: Estimate.\n";
        String metadata = "metadata: {namespace: " + namespace + ", name: " + name + "}\n";
        String text = "apiVersion: tagma.dev/v1alpha1\nkind: Mission\n" + metadata + "spec:\n" + goal + fields;
        Reading reading = new ManifestReader(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))
                .read(List.of(Path.of("-")));
        assertThat(reading.problems()).isEmpty();
        return reading.manifests().missions().getFirst();
    }
}
