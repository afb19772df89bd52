package dev.tagma.agent;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What bounds a mission's progress.
 *
 * @param maxIterations most model replies, over all owners
 * @param attempts whole-mission retries so far
 * @param outputSchema what the answer must satisfy, or null
 */
record ProgressLimits(int maxIterations, int attempts, JsonNode outputSchema) {}
