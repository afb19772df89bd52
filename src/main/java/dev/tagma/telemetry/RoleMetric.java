package dev.tagma.telemetry;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/**
 * The meters of the roles: all there are. Requests over HTTP, lists among them, are counted and timed by the framework, as
 * {@code http.server.requests} with the path's pattern as {@code uri}; a stream of events shows there once it has ended.
 */
public enum RoleMetric {
    /** Whether an operator acts. */
    OperatorLeads("tagma.operator.leads", "1 while this operator acts, 0 while another may."),
    /** What an operator misses. */
    OperatorMisses(
            "tagma.operator.misses", "What this operator needs and misses: Postgres, the API server, kinds, watches."),
    /** Missions that an operator keeps waiting. */
    OperatorLate(
            "tagma.operator.missions.late",
            "Missions that this operator keeps waiting for longer than 10 s, by trouble or by a reconciliation that does not return."),
    /** How long, at the most. */
    OperatorLatest(
            "tagma.operator.missions.latest", "Seconds that the mission has waited that waits longest of the late."),
    /** Missions that an operator forgot. */
    OperatorOverlooked(
            "tagma.operator.missions.overlooked",
            "Missions that nobody came for until a comparison found them, since the start."),
    /** Missions that a runtime runs. */
    RuntimeMissions("tagma.runtime.missions", "Missions that this runtime runs."),
    /** Listeners of a gateway's REST. */
    RestStreams("tagma.rest.streams", "Streams of events that are open at this replica."),
    /** Events of a gateway's REST, by name. */
    RestEvents("tagma.rest.events", "Events that this replica sent, by their name."),
    /** Missions that a gateway's REST lists. */
    RestMissions("tagma.rest.missions", "Missions that this replica lists.");

    private final String id;
    private final String says;

    RoleMetric(String id, String says) {
        this.id = id;
        this.says = says;
    }

    /** Counts in {@code registry} what {@code count} says of {@code subject}, as one of several by {@code name}. */
    public <T> void counter(MeterRegistry registry, String name, T subject, ToDoubleFunction<T> count) {
        FunctionCounter.builder(id, subject, count)
                .tag("event", name)
                .description(says)
                .register(registry);
    }

    /** Shows in {@code registry} what {@code value} says of {@code subject}, which the registry does not keep alive. */
    public <T> void gauge(MeterRegistry registry, T subject, ToDoubleFunction<T> value) {
        Gauge.builder(id, subject, value).description(says).register(registry);
    }
}
