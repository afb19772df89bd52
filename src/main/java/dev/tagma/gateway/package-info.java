/**
 * The edge between runtimes and the world: sessions of runtimes, the ledgers that order a mission's steps, the model desk and the tool
 * desk that make the outside calls and commit what came of them.
 */
package dev.tagma.gateway;
