/** What the terminal shows: pure functions from records and steps to text, and the one place that moves the cursor. */
package dev.tagma.app.view;
