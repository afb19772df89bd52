package dev.tagma.gateway.rest.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.gateway.access.AccessUnavailableException;
import dev.tagma.gateway.access.Authenticator;
import dev.tagma.gateway.access.Authorizer.Deed;
import dev.tagma.gateway.access.Caller;
import dev.tagma.gateway.access.UnauthenticatedException;
import dev.tagma.gateway.rest.event.MissionEvent.Cause;
import dev.tagma.gateway.rest.http.Permits;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RecheckTest {
    private static final Duration EVERY = Duration.ofSeconds(30);
    private static final Caller CALLER = new Caller("ann", "", Set.of(), Map.of());
    private static final Deed WATCH = new Deed("watch", "missions", "ns", "m");
    private static final Deed READ = new Deed("get", "missions/transcript", "ns", "m");

    private final Set<Deed> permitted = new HashSet<>(List.of(WATCH, READ));
    private Authenticator authenticator = (token, audience) -> CALLER;
    private long now;

    @Test
    void betweenTwoQuestionsNothingIsAsked() {
        Recheck recheck = recheck(READ);
        authenticator = failing(new UnauthenticatedException("expired"));
        now = EVERY.toNanos() - 1;
        assertThat(recheck.due()).isNull();
        now++;
        assertThat(recheck.due().cause()).isEqualTo(Cause.Denied);
    }

    @Test
    void whoeverMayNotReadTheTranscriptAnyMoreGoesOnWithoutIt() {
        Recheck recheck = recheck(READ);
        assertThat(recheck.reads()).isTrue();
        permitted.remove(READ);
        assertThat(again(recheck)).isNull();
        assertThat(recheck.reads()).isFalse();
        permitted.add(READ);
        assertThat(again(recheck)).isNull();
        assertThat(recheck.reads()).as("whoever may again comes back for it").isFalse();
    }

    @Test
    void whoeverMayNotWatchAnyMoreHearsTheEnd() {
        Recheck recheck = recheck(READ);
        permitted.remove(WATCH);
        assertThat(again(recheck).cause()).isEqualTo(Cause.Denied);
    }

    @Test
    void whoeverNeverMightReadNeverDoes() {
        Recheck recheck = recheck(null);
        assertThat(again(recheck)).isNull();
        assertThat(recheck.reads()).isFalse();
    }

    @Test
    void anApiServerThatIsAwayIsWaitedForTwice() {
        Recheck recheck = recheck(READ);
        authenticator = failing(new AccessUnavailableException("away", null));
        assertThat(again(recheck)).isNull();
        assertThat(again(recheck)).isNull();
        assertThat(again(recheck).cause()).isEqualTo(Cause.Unavailable);
    }

    private MissionEvent.End again(Recheck recheck) {
        now += EVERY.toNanos();
        return recheck.due();
    }

    private static Authenticator failing(RuntimeException trouble) {
        return (token, audience) -> {
            throw trouble;
        };
    }

    private Recheck recheck(Deed reading) {
        return new Recheck(
                new Recheck.Asked(
                        (token, audience) -> authenticator.authenticate(token, audience),
                        new Permits((caller, deed) -> permitted.contains(deed)),
                        () -> now,
                        EVERY),
                new Watcher(CALLER, "token"),
                WATCH,
                reading);
    }
}
