/** A Postgres of one's own for `tagma run`: unpacked from the program, durable, in a directory that survives it. */
package dev.tagma.app.postgres;
