package dev.tagma.runtime;

import dev.tagma.mission.link.Load;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * How an instance behaves.
 *
 * @param drainGrace how long a drain waits for steps in work; what is not done by then is handed back without it
 * @param recorder is told what happens
 * @param load measures the process for each heartbeat; must not block
 */
public record RuntimeSettings(Duration drainGrace, RuntimeRecorder recorder, Supplier<Load> load) {
    /** Well below the 30 s that Kubernetes grants before it kills. */
    public static final RuntimeSettings DEFAULT = new RuntimeSettings(Duration.ofSeconds(20), RuntimeRecorder.NOOP);

    /** Of an instance that is a process of its own. */
    public RuntimeSettings(Duration drainGrace, RuntimeRecorder recorder) {
        this(drainGrace, recorder, new ProcessLoad());
    }
}
