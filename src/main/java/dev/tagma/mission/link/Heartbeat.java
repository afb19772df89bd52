package dev.tagma.mission.link;

import dev.tagma.mission.Claim;
import java.util.Set;

/**
 * What a runtime says to keep its lease.
 *
 * @param running every ownership that runs here
 * @param draining whether it takes no more missions
 * @param load how busy its process is
 */
public record Heartbeat(Set<Claim> running, boolean draining, Load load) {
    public Heartbeat {
        running = Set.copyOf(running);
    }
}
