package dev.tagma.gateway.rest.http;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.ext.Provider;
import java.util.function.Supplier;

/**
 * Turns requests away before their path is looked at: all of them where this process is no gateway, and those that show no token. It
 * asks nobody, since it runs where nothing may block.
 */
@Provider
@PreMatching
public class RoleFilter implements ContainerRequestFilter {
    private final Supplier<Door> door;

    RoleFilter(Supplier<Door> door) {
        this.door = door;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        door.get();
        Door.token(request.getHeaderString(HttpHeaders.AUTHORIZATION));
    }
}
