package dev.tagma.runtime;

import dev.tagma.agent.Ending;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Keeps what a runtime told. */
final class RecordedRuntime implements RuntimeRecorder {
    final AtomicInteger started = new AtomicInteger();
    final AtomicInteger sessionsLost = new AtomicInteger();
    final List<Ending> endings = new CopyOnWriteArrayList<>();

    @Override
    public void started() {
        started.incrementAndGet();
    }

    @Override
    public void ended(Ending how) {
        endings.add(how);
    }

    @Override
    public void sessionLost() {
        sessionsLost.incrementAndGet();
    }
}
