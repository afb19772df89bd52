/**
 * The three processes of a cluster: their settings, which are read from the environment and nowhere else, their life cycle under
 * Quarkus, and how each is put together. CDI appears here alone: it hands the running role to health checks and REST resources.
 */
package dev.tagma.app.role;
