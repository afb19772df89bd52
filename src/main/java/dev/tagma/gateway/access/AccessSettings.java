package dev.tagma.gateway.access;

import java.time.Duration;

/**
 * How much Kubernetes is asked.
 *
 * @param good how long a yes is believed: as long as a token that was taken away, or a right, may still work
 * @param bad how long a no is believed
 * @param entries answers that are remembered, of each kind
 * @param asking questions at a time, so that tokens made up by the thousand do not flood the API server
 * @param patience how long a question may take, its turn included
 */
public record AccessSettings(Duration good, Duration bad, int entries, int asking, Duration patience) {
    /** Longest {@code good}. */
    public static final Duration GOOD_MAX = Duration.ofSeconds(10);

    /** What fits a gateway. */
    public static final AccessSettings DEFAULT =
            new AccessSettings(GOOD_MAX, Duration.ofSeconds(2), 10_000, 16, Duration.ofSeconds(5));

    public AccessSettings {
        if (good.compareTo(GOOD_MAX) > 0 || bad.compareTo(good) > 0) {
            throw new IllegalArgumentException("a no is believed no longer than a yes, and that at most " + GOOD_MAX
                    + ", not " + bad + " and " + good);
        }
    }
}
