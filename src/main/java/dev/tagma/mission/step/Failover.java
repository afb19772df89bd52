package dev.tagma.mission.step;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Instant;

/** A change of who serves a mission, as status.failovers shows it. */
@JsonPropertyOrder({"time", "type", "from", "to", "reason"})
public record Failover(Instant time, Type type, String from, String to, String reason) {
    /** What was replaced. */
    public enum Type {
        Model,
        Runtime,
        Pool
    }
}
