package dev.tagma.gateway.rest.http;

import dev.tagma.gateway.access.AccessUnavailableException;
import dev.tagma.gateway.access.UnauthenticatedException;
import dev.tagma.mission.StoreUnavailableException;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.core.UriInfo;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Every error leaves as a problem, and none with more than its caller should know. */
public class ProblemMappers {
    private static final Logger LOG = System.getLogger(ProblemMappers.class.getName());

    @ServerExceptionMapper
    Response problem(ProblemException e) {
        return Problems.response(e.problem(), e.headers());
    }

    @ServerExceptionMapper
    Response unauthenticated(UnauthenticatedException e) {
        return problem(ProblemException.unauthorized(e.getMessage()));
    }

    @ServerExceptionMapper
    Response unavailable(AccessUnavailableException e) {
        LOG.log(Level.WARNING, "a request is refused: {0}", e.getMessage());
        return problem(ProblemException.unavailable("the API server cannot be asked who calls: try again"));
    }

    @ServerExceptionMapper
    Response unavailable(StoreUnavailableException e) {
        LOG.log(Level.WARNING, "a request is refused: {0}", e.getMessage());
        return problem(ProblemException.unavailable("the database does not answer: try again"));
    }

    /** What the framework itself refuses: paths, methods, media types, sizes. */
    @ServerExceptionMapper
    Response refused(WebApplicationException e) {
        Response response = e.getResponse();
        int status = response.getStatus();
        if (status < Status.BAD_REQUEST.getStatusCode()) {
            return response;
        }
        Map<String, String> headers = response.getStringHeaders().entrySet().stream()
                .filter(header -> !header.getKey().equalsIgnoreCase(HttpHeaders.CONTENT_TYPE)
                        && !header.getKey().equalsIgnoreCase(HttpHeaders.CONTENT_LENGTH))
                .collect(Collectors.toMap(Map.Entry::getKey, header -> String.join(", ", header.getValue())));
        return Problems.response(Problems.of(status, said(status), null), headers);
    }

    /** The framework knows which methods a path has, and keeps it to itself. */
    @ServerExceptionMapper
    Response notAllowed(NotAllowedException e, UriInfo uri) {
        int status = e.getResponse().getStatus();
        return Problems.response(
                Problems.of(status, said(status), null), Map.of(HttpHeaders.ALLOW, AllowedMethods.of(uri.getPath())));
    }

    private static String said(int status) {
        Status known = Status.fromStatusCode(status);
        return known == null
                ? "the request cannot be answered"
                : switch (known) {
                    case NOT_FOUND -> "there is nothing at this path";
                    case METHOD_NOT_ALLOWED ->
                        "this path does not know the method; the header Allow names those it knows";
                    case NOT_ACCEPTABLE -> "this path answers in no media type of the header Accept";
                    case UNSUPPORTED_MEDIA_TYPE -> "this path takes no body of this Content-Type";
                    case REQUEST_ENTITY_TOO_LARGE -> "the body is too large";
                    default -> known.getReasonPhrase();
                };
    }

    /** A bug of ours: the log says which, the caller gets its number. */
    @ServerExceptionMapper
    Response failed(RuntimeException e) {
        String number = UUID.randomUUID().toString();
        LOG.log(Level.ERROR, "request " + number + " failed", e);
        return Problems.response(
                Problems.of(
                        Status.INTERNAL_SERVER_ERROR.getStatusCode(),
                        "the gateway failed; its log says more under " + number,
                        null),
                Map.of());
    }
}
