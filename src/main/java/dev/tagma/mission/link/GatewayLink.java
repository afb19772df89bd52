package dev.tagma.mission.link;

/** Where a runtime dials its gateway. */
public interface GatewayLink {
    /**
     * Registers the instance and opens its session; the inbox is told of missions from then on, from threads of the gateway, and
     * must not block.
     */
    GatewaySession open(Hello hello, RuntimeInbox inbox);
}
