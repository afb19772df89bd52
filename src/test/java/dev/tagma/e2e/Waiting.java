package dev.tagma.e2e;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** How the suite waits. */
final class Waiting {
    private Waiting() {}

    /** For something that is named when it does not come. */
    static ConditionFactory atMost(Duration patience, String what) {
        return Awaitility.await(what).atMost(patience).pollInterval(Duration.ofMillis(100));
    }
}
