package dev.tagma.agent;

/**
 * What all missions of one agent of one revision share.
 *
 * @param standing the part of the system prompt that never changes
 * @param tools the agent's tools
 */
record AgentProfile(String standing, AgentTools tools) {}
