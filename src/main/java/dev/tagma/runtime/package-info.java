/**
 * The process that runs missions: takes what its gateway starts, each mission on a virtual thread of its own, keeps the lease by
 * heartbeats, and hands everything back when it drains.
 */
package dev.tagma.runtime;
