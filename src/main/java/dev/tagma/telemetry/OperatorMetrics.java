package dev.tagma.telemetry;

import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetricsV2;
import io.micrometer.core.instrument.MeterRegistry;

/** What the operator's reconcilers tell of themselves: rates, durations, retries and queues by kind, never by object. */
public final class OperatorMetrics {
    private OperatorMetrics() {}

    /** Recorded in {@code registry}. */
    public static Metrics in(MeterRegistry registry) {
        return MicrometerMetricsV2.newBuilder(registry).build();
    }
}
