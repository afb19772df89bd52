/** The chart helm/tagma: what it renders, what it refuses, and what a real API server makes of it. */
package dev.tagma.chart;
