/** Postgres: the JDBC adapters of every port, the migrations, the group committer. The only room that knows java.sql. */
package dev.tagma.store;
