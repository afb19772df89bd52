/** What a step holds: the sealed contents of the step log, the chat messages they are made of, and their canonical bytes. */
package dev.tagma.mission.step;
