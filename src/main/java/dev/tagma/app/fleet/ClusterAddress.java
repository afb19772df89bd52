package dev.tagma.app.fleet;

import java.net.URI;
import java.nio.file.Path;

/**
 * Which cluster, and the way to its gateway.
 *
 * @param kubeconfig file, or null for where kubectl looks
 * @param context of the kubeconfig, or null for its current one
 * @param gateway address of the gateway, or null for a port-forward to its Service
 * @param gatewayCa certificates that vouch for the gateway, or null for those of the platform
 * @param gatewayNamespace where the gateway's Service is
 * @param serviceAccount in whose name to speak to the gateway, or null for the kubeconfig's user
 */
public record ClusterAddress(
        Path kubeconfig, String context, URI gateway, Path gatewayCa, String gatewayNamespace, String serviceAccount) {}
