package dev.tagma.operator.mission;

import java.time.Duration;

/**
 * What an operator has not got done.
 *
 * @param missions kept waiting for longer than ten seconds, by trouble or by a reconciliation that does not return
 * @param longest for how long the one that waits longest
 * @param overlooked missions that nobody came for until a comparison found them, since the start
 */
public record Lateness(int missions, Duration longest, long overlooked) {}
