package dev.tagma.runtime;

import dev.tagma.agent.MissionControl;
import dev.tagma.mission.Claim;
import dev.tagma.mission.link.Start;

/** A mission on its thread. */
final class RunningMission {
    private final Claim claim;
    private final MissionControl control = new MissionControl();
    private Start start;

    RunningMission(Start start) {
        this.claim = start.claim();
        this.start = start;
    }

    Claim claim() {
        return claim;
    }

    MissionControl control() {
        return control;
    }

    /** What to run, once: the history is not kept beside what the loop makes of it. */
    Start take() {
        Start taken = start;
        start = null;
        return taken;
    }
}
