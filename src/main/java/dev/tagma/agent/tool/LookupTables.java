package dev.tagma.agent.tool;

import dev.tagma.api.v1alpha1.KeyRef;
import dev.tagma.mission.PoolRevision;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** The parsed tables of pool revisions: a revision is immutable, so each of its tables is parsed once while it is in use. */
public final class LookupTables {
    private static final int KEPT = 64;

    private final Map<Key, LookupTable> tables = new LinkedHashMap<>(16, 0.75f, true);

    private record Key(UUID pool, int revision, KeyRef ref) {}

    /** The table that {@code ref} names; throws IllegalArgumentException where it is missing or no table. */
    LookupTable table(PoolRevision revision, KeyRef ref) {
        Key key = new Key(revision.pool(), revision.revision(), ref);
        synchronized (tables) {
            LookupTable known = tables.get(key);
            if (known != null) {
                return known;
            }
        }
        LookupTable parsed = LookupTable.parse(ref.key(), revision.content(ref));
        synchronized (tables) {
            tables.put(key, parsed);
            if (tables.size() > KEPT) {
                tables.remove(tables.keySet().iterator().next());
            }
        }
        return parsed;
    }
}
