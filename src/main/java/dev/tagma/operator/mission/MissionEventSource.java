package dev.tagma.operator.mission;

import dev.tagma.api.v1alpha1.Mission;
import dev.tagma.api.v1alpha1.MissionStatus;
import dev.tagma.api.v1alpha1.MissionStatus.Phase;
import dev.tagma.mission.MissionRecord;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.EventHandler;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.javaoperatorsdk.operator.processing.event.source.ResourceEventAware;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/** The store's rows as a source of events, and what the Missions' informer tells of: which there are, and which are gone. */
final class MissionEventSource extends AbstractEventSource<MissionRecord, Mission>
        implements ResourceEventAware<Mission> {
    private final MissionIndex index;
    private final Runnable stop;
    private final Consumer<Mission> deleted;

    MissionEventSource(MissionIndex index, Runnable stop, Consumer<Mission> deleted) {
        super(MissionRecord.class, "mission-rows");
        this.index = index;
        this.stop = stop;
        this.deleted = deleted;
    }

    @Override
    public void stop() {
        stop.run();
        super.stop();
    }

    /** The mission of this run is to be looked at. */
    void changed(UUID run) {
        index.id(run).ifPresent(this::changed);
    }

    /** The mission of this name is to be looked at. */
    void changed(ResourceID mission) {
        EventHandler handler = getEventHandler();
        if (handler != null) {
            handler.handleEvent(new Event(mission));
        }
    }

    @Override
    public void onResourceCreated(Mission mission) {
        take(mission);
    }

    @Override
    public void onResourceUpdated(Mission now, Mission before) {
        if (!RunIdentity.own(now).equals(RunIdentity.own(before))) {
            onResourceDeleted(before);
        }
        take(now);
    }

    /**
     * What is given is the informer's own object, not a copy, so what it drops is gone from the operator's memory: the list of who wrote
     * which field, three quarters of a Mission, for which nobody asks behind its admission.
     */
    private void take(Mission mission) {
        index.put(mission);
        if (isAdmitted(mission.getStatus())) {
            mission.getMetadata().setManagedFields(List.of());
        }
    }

    private static boolean isAdmitted(MissionStatus status) {
        return status != null && status.phase() != null && status.phase() != Phase.Pending;
    }

    @Override
    public void onResourceDeleted(Mission mission) {
        index.remove(mission);
        deleted.accept(mission);
    }

    @Override
    public Set<MissionRecord> getSecondaryResources(Mission primary) {
        return Set.of();
    }
}
