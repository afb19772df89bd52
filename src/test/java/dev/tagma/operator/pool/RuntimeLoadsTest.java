package dev.tagma.operator.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.api.v1alpha1.AgentPoolStatus;
import dev.tagma.mission.link.Load;
import dev.tagma.registry.InstanceRegistry.Instance;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RuntimeLoadsTest {
    private static Instance instance(long id, Load load) {
        return new Instance(id, new UUID(1, 1), "pod-" + id, 50, 3, false, load);
    }

    @Test
    void cpuIsTheAverageAndMemoryTheFullest() {
        assertThat(RuntimeLoads.of(
                        List.of(instance(1, new Load(900, 300, 1000)), instance(2, new Load(300, 711, 1000)))))
                .isEqualTo(new AgentPoolStatus.Load(100, 60, 80));
    }

    @Test
    void aFewPercentMoreAreTheSameStatus() {
        assertThat(RuntimeLoads.of(List.of(instance(1, new Load(411, 410, 1000)))))
                .isEqualTo(RuntimeLoads.of(List.of(instance(1, new Load(490, 499, 1000)))));
    }

    @Test
    void whatIsNotToldIsNothing() {
        assertThat(RuntimeLoads.of(List.of())).isNull();
        assertThat(RuntimeLoads.of(List.of(instance(1, Load.UNKNOWN)))).isEqualTo(new AgentPoolStatus.Load(50, 0, 0));
    }
}
