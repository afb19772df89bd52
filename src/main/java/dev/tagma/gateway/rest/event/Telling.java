package dev.tagma.gateway.rest.event;

import dev.tagma.gateway.rest.event.EventStream.Outlet;
import dev.tagma.gateway.rest.event.MissionEvent.Cause;
import dev.tagma.gateway.rest.event.MissionEvent.End;
import dev.tagma.rounds.Bell;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * How a listener is told a story in pieces: whatever is new, whenever the bell rings; a sign of life where nothing was said for long;
 * and an end where the listener may not listen any more, or the gateway stops.
 */
record Telling(Pace pace, Recheck recheck, Bell bell) {
    /** The same for all listeners of a replica. */
    record Pace(Duration heartbeat, BooleanSupplier stopping, LongSupplier nanos) {}

    /** What is told. */
    interface Story {
        /** Tells what is new, and whether that was all for ever. */
        boolean news(Outlet outlet);

        /** Tells that, and why, the story breaks off. */
        void end(Outlet outlet, End end);
    }

    void tell(Story story, Outlet listener) {
        Pulse outlet = new Pulse(listener, pace.nanos());
        outlet.send(Sent.ALIVE);
        while (true) {
            long rings = bell.rings();
            if (story.news(outlet)) {
                return;
            }
            End end = pace.stopping().getAsBoolean()
                    ? new End(Cause.Unavailable, "this replica stops: come back")
                    : recheck.due();
            if (end != null) {
                story.end(outlet, end);
                return;
            }
            bell.await(rings, pace.heartbeat());
            if (outlet.gone()) {
                throw new EventStream.Gone();
            }
            if (outlet.quiet() >= pace.heartbeat().toNanos()) {
                outlet.send(Sent.ALIVE);
            }
        }
    }

    /** Knows when something was sent last. */
    private static final class Pulse implements Outlet {
        private final Outlet outlet;
        private final LongSupplier nanos;
        private long last;

        Pulse(Outlet outlet, LongSupplier nanos) {
            this.outlet = outlet;
            this.nanos = nanos;
        }

        long quiet() {
            return nanos.getAsLong() - last;
        }

        @Override
        public void send(Sent event) {
            outlet.send(event);
            last = nanos.getAsLong();
        }

        @Override
        public boolean gone() {
            return outlet.gone();
        }
    }
}
