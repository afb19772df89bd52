package dev.tagma.gateway;

import dev.tagma.gateway.egress.Neighbours;
import java.time.Duration;

/**
 * How a gateway replica behaves, above all in time.
 *
 * @param replica its name, unique among the replicas
 * @param lease of a runtime instance: a silent one loses its missions after it, and without hints it hears of a cancelled mission within a
 *     quarter of it
 * @param dispatchEvery longest time between dispatch rounds where no hint comes
 * @param takeOverEvery time between looks for lapsed leases
 * @param sweepEvery time between sweeps for deadlines and what events missed
 * @param neighbours whether tools may reach what is around this process
 */
public record GatewaySettings(
        String replica,
        Duration lease,
        Duration dispatchEvery,
        Duration takeOverEvery,
        Duration sweepEvery,
        Neighbours neighbours) {
    /** What a replica uses unless it is told otherwise: a lapsed instance is replaced within 2.5 s. */
    public static GatewaySettings of(String replica) {
        return new GatewaySettings(
                replica,
                Duration.ofSeconds(2),
                Duration.ofMillis(500),
                Duration.ofMillis(250),
                Duration.ofSeconds(1),
                Neighbours.Allowed);
    }

    /** The same with another lease. */
    public GatewaySettings withLease(Duration other) {
        return new GatewaySettings(replica, other, dispatchEvery, takeOverEvery, sweepEvery, neighbours);
    }

    /** The same with other neighbours. */
    public GatewaySettings with(Neighbours others) {
        return new GatewaySettings(replica, lease, dispatchEvery, takeOverEvery, sweepEvery, others);
    }
}
