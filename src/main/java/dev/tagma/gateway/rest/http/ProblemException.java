package dev.tagma.gateway.rest.http;

import jakarta.ws.rs.core.Response.Status;
import java.util.Map;

/** What a request is answered with instead of what it asked for. */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int UNPROCESSABLE = 422;

    private final int status;
    private final String field;
    private final transient Map<String, String> headers;

    /** @param field of the request that is wrong, or null */
    public ProblemException(int status, String detail, String field, Map<String, String> headers) {
        super(detail);
        this.status = status;
        this.field = field;
        this.headers = Map.copyOf(headers);
    }

    /** A parameter that cannot be read. */
    public static ProblemException parameter(String name, String detail) {
        return new ProblemException(Status.BAD_REQUEST.getStatusCode(), detail, name, Map.of());
    }

    /** A field that is understood and refused. */
    public static ProblemException refused(String field, String detail) {
        return new ProblemException(UNPROCESSABLE, detail, field, Map.of());
    }

    /** There is nothing at this path. */
    public static ProblemException notFound(String detail) {
        return new ProblemException(Status.NOT_FOUND.getStatusCode(), detail, null, Map.of());
    }

    /** Nobody vouches for the caller. */
    public static ProblemException unauthorized(String detail) {
        return new ProblemException(
                Status.UNAUTHORIZED.getStatusCode(),
                detail,
                null,
                Map.of("WWW-Authenticate", "Bearer realm=\"tagma\""));
    }

    /** The caller may not do it. */
    public static ProblemException forbidden(String detail) {
        return new ProblemException(Status.FORBIDDEN.getStatusCode(), detail, null, Map.of());
    }

    /** A body beyond the limit, in bytes. */
    public static ProblemException tooLarge(long limit) {
        return new ProblemException(
                Status.REQUEST_ENTITY_TOO_LARGE.getStatusCode(),
                "the body is larger than " + limit + " bytes",
                null,
                Map.of());
    }

    /** The caller asks too often, or has too much open. */
    public static ProblemException tooMany(String detail, long retryAfterSeconds) {
        return new ProblemException(
                Status.TOO_MANY_REQUESTS.getStatusCode(),
                detail,
                null,
                Map.of("Retry-After", Long.toString(retryAfterSeconds)));
    }

    /** Something that the answer needs is away for the moment. */
    public static ProblemException unavailable(String detail) {
        return new ProblemException(
                Status.SERVICE_UNAVAILABLE.getStatusCode(), detail, null, Map.of("Retry-After", "2"));
    }

    /** Of HTTP. */
    public int status() {
        return status;
    }

    /** Of the answer. */
    public Map<String, String> headers() {
        return headers;
    }

    /** As it is answered. */
    public Problem problem() {
        return Problems.of(status, getMessage(), field);
    }
}
