/**
 * The line between a runtime and its gateway, as ports: wired in process by {@code tagma run}, carried by gRPC between pods.
 * A runtime asks through {@link dev.tagma.mission.link.GatewayLink}; its gateway tells it through {@link
 * dev.tagma.mission.link.RuntimeInbox}.
 */
package dev.tagma.mission.link;
