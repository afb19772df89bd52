package dev.tagma.runtime;

import java.time.Duration;

/**
 * How an instance behaves.
 *
 * @param drainGrace how long a drain waits for steps in work; what is not done by then is handed back without it
 * @param recorder is told what happens
 */
public record RuntimeSettings(Duration drainGrace, RuntimeRecorder recorder) {
    /** Well below the 30 s that Kubernetes grants before it kills. */
    public static final RuntimeSettings DEFAULT = new RuntimeSettings(Duration.ofSeconds(20), RuntimeRecorder.NOOP);
}
