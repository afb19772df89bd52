package dev.tagma.gateway.rest;

import jakarta.ws.rs.core.Response.Status;
import java.util.Map;

/** What a request is answered with instead of what it asked for. */
final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int UNPROCESSABLE = 422;

    private final int status;
    private final String field;
    private final transient Map<String, String> headers;

    ProblemException(int status, String detail, String field, Map<String, String> headers) {
        super(detail);
        this.status = status;
        this.field = field;
        this.headers = Map.copyOf(headers);
    }

    /** A parameter that cannot be read. */
    static ProblemException parameter(String name, String detail) {
        return new ProblemException(Status.BAD_REQUEST.getStatusCode(), detail, name, Map.of());
    }

    /** A field that is understood and refused. */
    static ProblemException refused(String field, String detail) {
        return new ProblemException(UNPROCESSABLE, detail, field, Map.of());
    }

    static ProblemException notFound(String detail) {
        return new ProblemException(Status.NOT_FOUND.getStatusCode(), detail, null, Map.of());
    }

    static ProblemException unauthorized(String detail) {
        return new ProblemException(
                Status.UNAUTHORIZED.getStatusCode(),
                detail,
                null,
                Map.of("WWW-Authenticate", "Bearer realm=\"tagma\""));
    }

    static ProblemException forbidden(String detail) {
        return new ProblemException(Status.FORBIDDEN.getStatusCode(), detail, null, Map.of());
    }

    static ProblemException tooLarge(long limit) {
        return new ProblemException(
                Status.REQUEST_ENTITY_TOO_LARGE.getStatusCode(),
                "the body is larger than " + limit + " bytes",
                null,
                Map.of());
    }

    static ProblemException tooMany(String detail, long retryAfterSeconds) {
        return new ProblemException(
                Status.TOO_MANY_REQUESTS.getStatusCode(),
                detail,
                null,
                Map.of("Retry-After", Long.toString(retryAfterSeconds)));
    }

    /** Something that the answer needs is away for the moment. */
    static ProblemException unavailable(String detail) {
        return new ProblemException(
                Status.SERVICE_UNAVAILABLE.getStatusCode(), detail, null, Map.of("Retry-After", "2"));
    }

    int status() {
        return status;
    }

    Map<String, String> headers() {
        return headers;
    }

    Problem problem() {
        return Problems.of(status, getMessage(), field);
    }
}
