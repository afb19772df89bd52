package dev.tagma.mission.link;

import dev.tagma.api.v1alpha1.MissionSpec;
import dev.tagma.mission.Claim;
import dev.tagma.mission.Head;
import dev.tagma.mission.PoolRevision;
import dev.tagma.mission.StepLog.Tail;
import java.time.Duration;

/**
 * All that a runtime needs to begin or resume a mission.
 *
 * @param claim its ownership
 * @param name {@code namespace/name}, for people
 * @param spec the effective spec
 * @param pool the pinned revision
 * @param head where the chain ends
 * @param tail the last steps, the plan and the usage so far
 * @param timeLeft of the mission's one clock, at the moment of binding
 * @param attempts whole-mission retries so far
 */
public record Start(
        Claim claim,
        String name,
        MissionSpec spec,
        PoolRevision pool,
        Head head,
        Tail tail,
        Duration timeLeft,
        int attempts) {}
