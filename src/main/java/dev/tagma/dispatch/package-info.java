/** Queue order, binding of missions to runtime instances, the dispatch lease, takeover of what lapsed instances held. */
package dev.tagma.dispatch;
