package dev.tagma.agent.tool;

import dev.tagma.agent.AgentTools;
import dev.tagma.mission.PoolRevision;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** The toolboxes of agents, each built once per revision. Thread-safe. */
public final class Toolboxes implements AgentTools.Source {
    private static final int KEPT = 1_000;

    private final LookupTables tables = new LookupTables();
    private final Map<Key, Toolbox> boxes = new ConcurrentHashMap<>();

    private record Key(UUID pool, int revision, String agent) {}

    @Override
    public Toolbox of(PoolRevision pool, String agent) {
        Key key = new Key(pool.pool(), pool.revision(), agent == null ? "" : agent);
        Toolbox known = boxes.get(key);
        if (known != null) {
            return known;
        }
        Toolbox built = Toolbox.of(pool, agent, tables);
        if (boxes.size() >= KEPT) {
            boxes.clear();
        }
        boxes.put(key, built);
        return built;
    }
}
