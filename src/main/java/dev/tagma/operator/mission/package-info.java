/**
 * A Mission's way between the API server and the store: admitted into its row, ordered by its spec, its row shown in its status, and
 * forgotten once it is deleted.
 */
package dev.tagma.operator.mission;
