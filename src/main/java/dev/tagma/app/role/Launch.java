package dev.tagma.app.role;

import dev.tagma.app.role.Role.Readiness;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * A role from its first attempt to start to its end. What it needs may come up after it (Postgres, the API server, a gateway), so a start
 * that fails is repeated; the process is alive meanwhile, and not ready.
 */
final class Launch implements AutoCloseable {
    /** The exit code of a process that goes on no more. */
    static final int CANNOT_RUN = 3;

    private static final Logger LOG = System.getLogger(Launch.class.getName());

    private final RoleName name;
    private final Supplier<Role> start;
    private final Duration pause;
    private final IntConsumer giveUp;
    private final CountDownLatch ending = new CountDownLatch(1);
    private final Thread thread;
    private volatile Role role;
    private volatile String state = "starting";

    private Launch(RoleName name, Supplier<Role> start, Duration pause, IntConsumer giveUp) {
        this.name = name;
        this.start = start;
        this.pause = pause;
        this.giveUp = giveUp;
        this.thread = Thread.ofPlatform().name("start-" + name).unstarted(this::run);
    }

    /** Starts in a thread of its own. {@code giveUp} is told an exit code where no further attempt could help. */
    static Launch of(RoleName name, Supplier<Role> start, Duration pause, IntConsumer giveUp) {
        Launch launch = new Launch(name, start, pause, giveUp);
        launch.thread.start();
        return launch;
    }

    Readiness readiness() {
        Role running = role;
        return running == null || ending.getCount() == 0
                ? new Readiness(false, Map.of(name.name(), state))
                : running.readiness();
    }

    private void run() {
        while (!attempted()) {
            try {
                if (ending.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
                    return;
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private boolean attempted() {
        try {
            role = start.get();
            state = "running";
            LOG.log(Level.INFO, "{0} is running", name);
            return true;
        } catch (RuntimeException e) {
            if (!StartTrouble.passes(e)) {
                LOG.log(Level.ERROR, name + " cannot start", e);
                giveUp.accept(CANNOT_RUN);
                return true;
            }
            state = "starting: " + e.getMessage();
            LOG.log(Level.WARNING, "{0} tries again in {1}: {2}", name, pause, e.getMessage());
            return false;
        }
    }

    /** Ends the attempts, or drains the role. */
    @Override
    public void close() {
        state = "draining";
        ending.countDown();
        thread.interrupt();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (role != null) {
            role.close();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
