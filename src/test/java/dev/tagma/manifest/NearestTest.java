package dev.tagma.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {
    private static final List<String> FIELDS = List.of("goal", "agent", "maxIterations", "poolRef", "budget", "inputs");

    @Test
    void aSlipOfTheFingerIsFound() {
        assertThat(Nearest.to("goall", FIELDS)).contains("goal");
        assertThat(Nearest.to("gaol", FIELDS)).contains("goal");
        assertThat(Nearest.to("poolref", FIELDS)).contains("poolRef");
        assertThat(Nearest.to("max-iteration", FIELDS)).contains("maxIterations");
    }

    @Test
    void anotherWordIsNotTakenForOne() {
        assertThat(Nearest.to("frobnicate", FIELDS)).isEmpty();
        assertThat(Nearest.to("x", FIELDS)).isEmpty();
        assertThat(Nearest.to("", FIELDS)).isEmpty();
    }
}
