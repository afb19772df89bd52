package dev.tagma.gateway.egress;

import dev.tagma.mission.step.ToolCall;
import java.time.Duration;
import java.util.UUID;

/**
 * A call of a tool outside the pod.
 *
 * @param mission on whose behalf
 * @param call as the model asked for it
 * @param idempotencyKey equal for every attempt at this call
 * @param timeout for all of it, already cut to what the mission has left
 */
public record OutsideCall(UUID mission, ToolCall call, String idempotencyKey, Duration timeout) {}
