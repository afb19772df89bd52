package dev.tagma.e2e;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** How the suite waits. */
final class Waiting {
    private Waiting() {}

    /** A moment, between two looks at something that is kept up on purpose. */
    static void pause() {
        LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
    }

    /** For something that is named when it does not come. */
    static ConditionFactory atMost(Duration patience, String what) {
        return Awaitility.await(what).atMost(patience).pollInterval(Duration.ofMillis(100));
    }
}
