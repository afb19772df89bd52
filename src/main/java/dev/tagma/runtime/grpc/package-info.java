/** The runtime's line to its gateway: one session that moves from replica to replica while its lease lasts. */
package dev.tagma.runtime.grpc;
