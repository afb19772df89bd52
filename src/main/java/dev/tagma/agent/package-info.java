/**
 * The loop of one mission: ask the model, run the tools it asks for, observe, repeat until an answer or a limit. Pure: time, the gateway
 * and the tools are handed in.
 */
package dev.tagma.agent;
