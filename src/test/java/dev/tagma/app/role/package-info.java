/** The three roles as processes, against a real API server and a real Postgres. */
package dev.tagma.app.role;
