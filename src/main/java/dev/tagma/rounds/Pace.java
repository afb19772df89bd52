package dev.tagma.rounds;

import java.time.Duration;

/**
 * How often rounds are made.
 *
 * @param pause after which the next round begins without a hint
 * @param breath the least time between two rounds: a thousand hints a second are not a thousand rounds
 */
public record Pace(Duration pause, Duration breath) {
    public Pace {
        if (!pause.isPositive() || breath.isNegative()) {
            throw new IllegalArgumentException(
                    "a pause is positive and a breath not negative: " + pause + ", " + breath);
        }
    }
}
