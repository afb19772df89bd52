/**
 * What a mission is: its phases and reasons, its steps and the hash chain over them, its usage and outcome, and the ports that
 * keep it (see {@link dev.tagma.mission.StepLog}, {@link dev.tagma.mission.MissionStore}, {@link
 * dev.tagma.mission.PoolRevisions}). Pure: no framework, no I/O.
 */
package dev.tagma.mission;
