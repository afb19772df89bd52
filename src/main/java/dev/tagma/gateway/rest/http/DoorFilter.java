package dev.tagma.gateway.rest.http;

import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.ext.Provider;
import java.util.function.Supplier;

/** Asks each request for its caller before a resource sees it. */
@Provider
@Priority(Priorities.AUTHENTICATION)
public class DoorFilter implements ContainerRequestFilter {
    private final Supplier<Door> door;

    DoorFilter(Supplier<Door> door) {
        this.door = door;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        request.setSecurityContext(door.get()
                .enter(
                        request.getHeaderString(HttpHeaders.AUTHORIZATION),
                        request.getSecurityContext() != null
                                && request.getSecurityContext().isSecure()));
    }
}
