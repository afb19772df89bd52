package dev.tagma.wire;

import dev.tagma.mission.link.Heartbeat;
import dev.tagma.mission.link.Load;
import dev.tagma.wire.v1alpha1.HeartbeatRequest;
import java.util.stream.Collectors;

/** Heartbeats as they travel. */
public final class BeatWire {
    /** More than any runtime has slots for, with what it should have stopped. */
    private static final int MAX_RUNNING = 20_000;

    private BeatWire() {}

    /** The heartbeat of this instance. */
    public static HeartbeatRequest encode(long instance, Heartbeat beat) {
        return HeartbeatRequest.newBuilder()
                .setInstance(instance)
                .addAllRunning(beat.running().stream().map(StepWire::encode).toList())
                .setDraining(beat.draining())
                .setLoad(dev.tagma.wire.v1alpha1.Load.newBuilder()
                        .setCpuPermille(beat.load().cpuPermille())
                        .setMemoryUsedBytes(beat.load().memoryUsed())
                        .setMemoryLimitBytes(beat.load().memoryLimit()))
                .build();
    }

    /** The same; throws IllegalArgumentException, which names the field, where it makes no sense. */
    public static Heartbeat decode(HeartbeatRequest request) {
        if (request.getRunningCount() > MAX_RUNNING) {
            throw new IllegalArgumentException(
                    "running: at most " + MAX_RUNNING + " missions, not " + request.getRunningCount());
        }
        return new Heartbeat(
                request.getRunningList().stream().map(StepWire::decode).collect(Collectors.toUnmodifiableSet()),
                request.getDraining(),
                new Load(
                        request.getLoad().getCpuPermille(),
                        request.getLoad().getMemoryUsedBytes(),
                        request.getLoad().getMemoryLimitBytes()));
    }
}
