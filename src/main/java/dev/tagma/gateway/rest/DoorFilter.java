package dev.tagma.gateway.rest;

import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.ext.Provider;

/** Asks each request for its caller before a resource sees it. */
@Provider
@Priority(Priorities.AUTHENTICATION)
public class DoorFilter implements ContainerRequestFilter {
    private final GatewayApi api;

    DoorFilter(GatewayApi api) {
        this.api = api;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        RestGateway gateway = api.gateway();
        request.setSecurityContext(gateway.door()
                .enter(
                        request.getHeaderString(HttpHeaders.AUTHORIZATION),
                        request.getSecurityContext() != null
                                && request.getSecurityContext().isSecure()));
    }
}
