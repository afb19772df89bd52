/** Adapters of the engines' recorders to Micrometer. */
package dev.tagma.telemetry;
