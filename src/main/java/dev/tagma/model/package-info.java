/** Calling models: the port to a provider, the failover chain, retries, prices and the mission's budget. */
package dev.tagma.model;
