/**
 * The catalog over the API server: pools, providers and namespaces are watched; ConfigMaps and Secrets, which are many, large and
 * others', are read when they are asked for and kept for seconds.
 */
package dev.tagma.catalog.cluster;
