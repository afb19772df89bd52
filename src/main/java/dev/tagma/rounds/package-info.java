/**
 * How a loop goes round that compares what is wanted with what is: soon after a hint, and after a pause without one, since a hint may be
 * lost. Knows nothing of what is compared.
 */
package dev.tagma.rounds;
