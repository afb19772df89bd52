package dev.tagma.mission;

import java.util.UUID;

/**
 * The right to write to a mission: every hand-over raises the epoch, and a write under an older one is refused by the statement
 * that would have stored it.
 *
 * @param mission the store's number of the mission
 * @param uid the mission's UID, where its hash chain starts
 * @param epoch the ownership's number, rising
 */
public record Claim(long mission, UUID uid, long epoch) {}
