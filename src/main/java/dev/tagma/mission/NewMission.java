package dev.tagma.mission;

import dev.tagma.api.v1alpha1.MissionSpec;
import java.util.UUID;

/**
 * A mission to be admitted.
 *
 * @param uid the resource's UID
 * @param namespace and {@code name} as people call it
 * @param pool UID of the pool that runs it
 * @param spec the effective spec: defaults and the pool's missionDefaults merged, limits checked, inputs resolved. Timeout and
 *     maxIterations are set
 */
public record NewMission(UUID uid, String namespace, String name, UUID pool, MissionSpec spec) {}
