/** The engines put together: a gateway's and a runtime's, the same in one process and on a cluster. */
package dev.tagma.app.engine;
