package dev.tagma.app.fleet;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tagma.app.view.MissionProgress;
import dev.tagma.mission.ChainVerifier.Verdict;
import dev.tagma.mission.Head;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.Resolution;
import dev.tagma.mission.Step;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Missions as the commands see them: those of a Postgres, or those of a cluster. Used by one thread. Throws {@link
 * dev.tagma.mission.StoreUnavailableException} where a database does not answer, {@link FleetException} where a cluster does not, or
 * refuses.
 */
public interface Fleet extends AutoCloseable {
    /** The namespace that is meant where none is named; empty: {@code default} for one mission, all of them for a list. */
    Optional<String> home();

    /** All missions, oldest first; of one namespace, or with null of all. */
    List<MissionRecord> list(String namespace);

    /** The youngest mission of this name. */
    Optional<MissionRecord> find(String namespace, String name);

    /** The same mission as it is now; empty where it is gone. */
    Optional<MissionRecord> now(MissionRecord mission);

    /** A mission with what is known beyond its last transition. */
    MissionProgress progress(MissionRecord mission);

    /** Its steps after {@code after} in order, about {@code limit} of them; none only where there are none. */
    List<Step> steps(MissionRecord mission, long after, int limit);

    /** The mission as its custom resource, with its spec. */
    ObjectNode document(MissionProgress mission);

    /** Proves its chain, which must pass through {@code noted} and through what else is noted of it. */
    Verdict verify(MissionRecord mission, List<Head> noted);

    /** Changes where it stands. False where the order changed nothing. */
    boolean order(MissionRecord mission, Order order);

    /** How calls of unknown outcome are resolved; empty where that cannot be done from here. */
    Optional<Resolution> resolution();

    /** Tells what happens to these missions from now on. */
    Changes changes(Collection<MissionRecord> missions);

    @Override
    void close();

    /** What a person may want of a mission. */
    enum Order {
        Cancel,
        Suspend,
        Resume
    }

    /** News of missions: a hint, of which nothing says that it is whole. */
    interface Changes extends AutoCloseable {
        /** The missions that changed since the last call, each as it is now. Does not wait for any. */
        List<MissionRecord> next();

        @Override
        void close();
    }
}
