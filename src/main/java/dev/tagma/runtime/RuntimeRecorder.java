package dev.tagma.runtime;

import dev.tagma.agent.Ending;

/** What a runtime tells about itself. Never blocks. */
public interface RuntimeRecorder {
    /** Tells nobody. */
    RuntimeRecorder NOOP = new RuntimeRecorder() {
        @Override
        public void started() {}

        @Override
        public void ended(Ending how) {}

        @Override
        public void sessionLost() {}
    };

    /** A mission runs here from now on. */
    void started();

    /** A mission no longer runs here; Lost is what a fenced owner ends with. */
    void ended(Ending how);

    /** The session ended: every mission was stopped, and the runtime says Hello anew. */
    void sessionLost();
}
