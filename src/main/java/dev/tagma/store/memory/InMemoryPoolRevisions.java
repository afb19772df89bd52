package dev.tagma.store.memory;

import dev.tagma.api.v1alpha1.AgentPoolSpec;
import dev.tagma.mission.PoolRevision;
import dev.tagma.mission.PoolRevisions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

final class InMemoryPoolRevisions implements PoolRevisions {
    private final Tables tables;

    InMemoryPoolRevisions(Tables tables) {
        this.tables = tables;
    }

    @Override
    public PoolRevision publish(
            UUID pool, String namespace, String name, AgentPoolSpec spec, Map<String, String> content) {
        return tables.atomically(() -> {
            List<PoolRevision> all = tables.revisions.computeIfAbsent(pool, p -> new ArrayList<>());
            AgentPoolSpec pinned = PoolRevision.pinned(spec);
            if (!all.isEmpty()
                    && all.getLast().spec().equals(pinned)
                    && all.getLast().content().equals(content)) {
                return all.getLast();
            }
            PoolRevision next = new PoolRevision(pool, all.size() + 1, namespace, name, pinned, content);
            all.add(next);
            return next;
        });
    }

    @Override
    public Optional<PoolRevision> find(UUID pool, int revision) {
        return tables.atomically(() -> tables.revisions.getOrDefault(pool, List.of()).stream()
                .filter(each -> each.revision() == revision)
                .findFirst());
    }

    @Override
    public Optional<PoolRevision> latest(UUID pool) {
        return tables.atomically(() -> tables.latest(pool));
    }
}
