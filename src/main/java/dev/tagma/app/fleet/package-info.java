/** What the commands need of the missions, wherever those are kept. */
package dev.tagma.app.fleet;
