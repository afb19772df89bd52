package dev.tagma.gateway.rest.event;

import dev.tagma.gateway.access.AccessUnavailableException;
import dev.tagma.gateway.access.Authenticator;
import dev.tagma.gateway.access.Authorizer.Deed;
import dev.tagma.gateway.access.Caller;
import dev.tagma.gateway.access.UnauthenticatedException;
import dev.tagma.gateway.rest.event.MissionEvent.Cause;
import dev.tagma.gateway.rest.event.MissionEvent.End;
import dev.tagma.gateway.rest.http.Permits;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Asks from time to time whether a listener may still listen: a token expires, a right is taken away. */
final class Recheck {
    /** Failed questions in a row that a stream outlives: the API server may be away for a while. */
    private static final int PATIENCE = 2;

    private final Authenticator authenticator;
    private final Permits permits;
    private final Watcher watcher;
    private final Deed deed;
    private final Deed reading;
    private final LongSupplier nanos;
    private final long every;
    private long next;
    private int unanswered;
    private boolean reads;

    /** {@code reading} is what lets the listener hear what is said, or null where it does not, and will not, hear it. */
    Recheck(Asked asked, Watcher watcher, Deed deed, Deed reading) {
        this.authenticator = asked.authenticator();
        this.permits = asked.permits();
        this.watcher = watcher;
        this.deed = deed;
        this.reading = reading;
        this.reads = reading != null;
        this.nanos = asked.nanos();
        this.every = asked.every().toNanos();
        this.next = nanos.getAsLong() + every;
    }

    /** Who is asked, and how often. */
    record Asked(Authenticator authenticator, Permits permits, LongSupplier nanos, Duration every) {}

    /** Whether the listener may hear what is said. Whoever may again comes back for it. */
    boolean reads() {
        return reads;
    }

    /** Why the stream ends, or null where it goes on. */
    End due() {
        if (nanos.getAsLong() - next < 0) {
            return null;
        }
        next = nanos.getAsLong() + every;
        try {
            Caller caller = authenticator.authenticate(watcher.token(), Authenticator.USER_AUDIENCE);
            unanswered = 0;
            reads = reads && permits.given(caller, reading);
            return permits.given(caller, deed)
                    ? null
                    : new End(Cause.Denied, caller.user() + " may no longer " + deed.verb() + " " + deed.resource());
        } catch (UnauthenticatedException e) {
            return new End(Cause.Denied, "the token is no longer good: " + e.getMessage());
        } catch (AccessUnavailableException e) {
            return ++unanswered <= PATIENCE
                    ? null
                    : new End(Cause.Unavailable, "the API server cannot be asked whether this stream may go on");
        }
    }
}
