package dev.tagma.app.fleet;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tagma.mission.MissionRecord;
import java.util.List;

/** The missions of a cluster, to which manifests can be applied. */
public interface ClusterFleet extends Fleet {
    /**
     * Applies the objects as they were written, in the caller's name; what lacks a namespace goes to {@link #home}. Answers the missions
     * among them, in their order, each as the cluster has it now. Throws {@link FleetException} with every refusal.
     */
    List<MissionRecord> apply(List<ObjectNode> objects);

    /** Finds the way to a cluster. */
    interface Opener {
        ClusterFleet open(ClusterAddress address);
    }
}
