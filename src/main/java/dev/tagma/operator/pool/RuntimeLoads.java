package dev.tagma.operator.pool;

import dev.tagma.api.v1alpha1.AgentPoolStatus;
import dev.tagma.mission.link.Load;
import dev.tagma.registry.InstanceRegistry.Instance;
import java.util.List;

/** A pool's load out of what its runtimes say of themselves, in steps of ten percent: a status must not be written for less. */
final class RuntimeLoads {
    private static final int STEP = 10;
    private static final int PERCENT = 100;

    private RuntimeLoads() {}

    /** Of the live instances; null where there is none. */
    static AgentPoolStatus.Load of(List<Instance> live) {
        if (live.isEmpty()) {
            return null;
        }
        int slots = live.stream().mapToInt(Instance::slots).sum();
        double cpu = live.stream()
                .map(Instance::load)
                .mapToDouble(load -> load.cpuPermille() / (double) STEP)
                .average()
                .orElse(0);
        double memory = live.stream()
                .map(Instance::load)
                .mapToDouble(RuntimeLoads::memory)
                .max()
                .orElse(0);
        return new AgentPoolStatus.Load(slots, step(cpu), step(memory));
    }

    private static double memory(Load load) {
        return load.memoryLimit() == 0 ? 0 : load.memoryUsed() * (double) PERCENT / load.memoryLimit();
    }

    private static int step(double percent) {
        return (int) Math.ceil(percent / STEP) * STEP;
    }
}
