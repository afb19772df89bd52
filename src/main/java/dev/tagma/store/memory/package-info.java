/** The ports of the store in memory: the oracle beside Postgres in the contract tests, and the store of the engines' tests. */
package dev.tagma.store.memory;
