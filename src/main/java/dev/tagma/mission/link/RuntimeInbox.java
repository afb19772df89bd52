package dev.tagma.mission.link;

import dev.tagma.mission.Claim;

/** What a gateway tells a runtime. Calls may repeat and overtake each other; the epoch orders them. Never blocks. */
public interface RuntimeInbox {
    /** Run this mission. The same epoch twice is ignored, a higher one replaces the running one. */
    void start(Start start);

    /** Whether the start of this ownership is still on its way, so that to repeat it would only delay it. */
    boolean starting(Claim claim);

    /** Stop this mission at once: it was cancelled, suspended or has another owner; nothing of it will be stored any more. */
    void stop(Claim claim);

    /** Take no more missions, finish the tools in flight and hand back the rest. */
    void drain();
}
