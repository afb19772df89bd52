package dev.tagma.app.engine;

import dev.tagma.agent.AlarmClock;
import dev.tagma.agent.AnswerJudge;
import dev.tagma.agent.ReactLoop;
import dev.tagma.agent.tool.Toolboxes;
import dev.tagma.mission.link.GatewayLink;
import dev.tagma.mission.link.Hello;
import dev.tagma.runtime.RuntimeInstance;
import dev.tagma.runtime.RuntimeSettings;
import dev.tagma.runtime.SystemAlarmClock;
import java.util.concurrent.ThreadLocalRandom;

/** What the runtimes of a process share. */
public final class RuntimeEngine implements AutoCloseable {
    private final SystemAlarmClock clock = new SystemAlarmClock();
    private final ReactLoop loop;

    public RuntimeEngine(Toolboxes toolboxes) {
        this.loop = new ReactLoop(
                clock,
                toolboxes,
                new AnswerJudge(),
                () -> ThreadLocalRandom.current().nextLong());
    }

    /** Its clock, for what dials on behalf of its runtimes. */
    public AlarmClock clock() {
        return clock;
    }

    /** One more runtime, which dials over {@code link}; close it before this. */
    public RuntimeInstance start(GatewayLink link, Hello hello, RuntimeSettings settings) {
        return RuntimeInstance.start(link, hello, loop, clock, settings);
    }

    @Override
    public void close() {
        clock.close();
    }
}
