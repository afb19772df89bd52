/** The missions of a cluster, with the identity of a kubeconfig: read and ordered through the gateway, applied to the API server. */
package dev.tagma.app.remote;
