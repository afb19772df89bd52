package dev.tagma.agent;

import dev.tagma.mission.PoolRevision;
import java.util.List;

/** Where the loop gets an agent's local tools from. */
@FunctionalInterface
public interface LocalTools {
    /**
     * The tools that {@code agent} may call without leaving the process, in the pool's order. Asked once per revision and agent. Throws
     * IllegalArgumentException where a tool cannot be built from its declaration.
     */
    List<LocalTool> of(PoolRevision pool, String agent);
}
