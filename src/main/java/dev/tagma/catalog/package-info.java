/**
 * What is declared, by name: pools, providers, and the ConfigMaps and Secrets that they refer to. Read from the API server on a
 * cluster, from manifests in {@code tagma run}.
 */
package dev.tagma.catalog;
