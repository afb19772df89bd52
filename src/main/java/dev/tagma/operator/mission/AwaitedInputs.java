package dev.tagma.operator.mission;

import dev.tagma.catalog.Catalog;
import dev.tagma.operator.mission.WaitingRoom.Need;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Looks after the ConfigMaps that missions wait for, some in each round: a watch would hold all ConfigMaps of the cluster, and would need
 * the right to list them.
 */
final class AwaitedInputs {
    /** ConfigMaps looked for in one round. */
    static final int AT_ONCE = 20;

    private final Catalog catalog;
    private final WaitingRoom waiting;
    private final Consumer<Need> changed;
    private final Map<Need.ConfigMap, Integer> known = new HashMap<>();
    private Iterator<Need.ConfigMap> turn = Set.<Need.ConfigMap>of().iterator();

    /** @param changed told a ConfigMap whose key got another text than the round before found */
    AwaitedInputs(Catalog catalog, WaitingRoom waiting, Consumer<Need> changed) {
        this.catalog = catalog;
        this.waiting = waiting;
        this.changed = changed;
    }

    /** Throws CatalogUnavailableException where one cannot be read; the next round goes on behind it. */
    void round() {
        if (!turn.hasNext()) {
            Set<Need.ConfigMap> awaited = waiting.configMaps();
            known.keySet().retainAll(awaited);
            turn = awaited.iterator();
        }
        for (int i = 0; i < AT_ONCE && turn.hasNext(); i++) {
            look(turn.next());
        }
    }

    private void look(Need.ConfigMap need) {
        Optional<Integer> now = catalog.configMap(need.namespace(), need.ref()).map(String::hashCode);
        Optional<Integer> before = Optional.ofNullable(known.get(need));
        now.ifPresentOrElse(hash -> known.put(need, hash), () -> known.remove(need));
        if (!now.equals(before)) {
            changed.accept(need);
        }
    }
}
