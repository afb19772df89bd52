/**
 * What keeps declared and real in step: reconcilers of pools, providers and missions, under one leader election. Holds no work: while
 * it is down, missions go on.
 */
package dev.tagma.operator;
