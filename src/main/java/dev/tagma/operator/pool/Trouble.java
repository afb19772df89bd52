package dev.tagma.operator.pool;

/** What keeps a pool from being as it is declared; the message names the field or the object, and the fix. */
record Trouble(PoolReason reason, String message) {}
