package dev.tagma.runtime;

import com.sun.management.OperatingSystemMXBean;
import dev.tagma.mission.link.Load;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.function.Supplier;

/** This process as the virtual machine measures it: its share of the CPUs of its container, and the heap. */
public final class ProcessLoad implements Supplier<Load> {
    private static final int PERMILLE = 1000;

    private final OperatingSystemMXBean process = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    @Override
    public Load get() {
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        // negative or NaN where it cannot be told
        double cpu = process.getProcessCpuLoad();
        return new Load((int) Math.round(cpu * PERMILLE), heap.getUsed(), heap.getMax());
    }
}
