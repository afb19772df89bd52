/**
 * Calling models: {@link ModelClient} is the port to one model of one provider, {@link Chain} asks an agent's models in order with
 * retries and failover, {@link Pricing} says what it costs, {@link ModelCalls} keeps the book of calls against the mission's budget.
 */
package dev.tagma.model;
