package dev.tagma.app;

import java.util.concurrent.atomic.AtomicInteger;
import sun.misc.Signal;

/**
 * Ctrl-C and SIGTERM: the first asks the command to end, where it knows how to; else, and at the second, the process ends at once. Java's
 * own handling would wait for the first to be done.
 */
final class Signals {
    private static final int BY_SIGNAL = 128;

    private final Stop stop;
    private final AtomicInteger first = new AtomicInteger();

    private Signals(Stop stop) {
        this.stop = stop;
    }

    /** Handles both from now on. */
    static Signals asking(Stop stop) {
        Signals signals = new Signals(stop);
        for (String name : new String[] {"INT", "TERM"}) {
            try {
                Signal.handle(new Signal(name), signals::arrived);
            } catch (IllegalArgumentException e) {
                // the JVM was told to leave it alone (-Xrs): then it does what it does everywhere
                continue;
            }
        }
        return signals;
    }

    private void arrived(Signal signal) {
        boolean again = !first.compareAndSet(0, signal.getNumber());
        if (again || !stop.heeded()) {
            Runtime.getRuntime().halt(BY_SIGNAL + signal.getNumber());
        }
        stop.request();
    }

    /** The exit code of a process that a signal ended, as shells and Kubernetes know it: 128 and the signal's number. */
    int exitCode(int code) {
        return code == ExitCode.Interrupted.code() && first.get() != 0 ? BY_SIGNAL + first.get() : code;
    }
}
