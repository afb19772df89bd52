package dev.tagma.store;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;

/** Runs nothing until its gate opens, so that a test decides what shares a group. */
final class GatedExecutor implements Executor {
    private final CountDownLatch gate = new CountDownLatch(1);
    private final Executor threads;

    GatedExecutor(Executor threads) {
        this.threads = threads;
    }

    void open() {
        gate.countDown();
    }

    @Override
    public void execute(Runnable task) {
        threads.execute(() -> {
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            task.run();
        });
    }
}
