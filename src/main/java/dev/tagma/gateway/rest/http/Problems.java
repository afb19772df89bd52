package dev.tagma.gateway.rest.http;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.util.Map;

/** Problems as responses. */
final class Problems {
    private static final int UNPROCESSABLE = 422;

    private Problems() {}

    static Problem of(int status, String detail, String field) {
        return new Problem("about:blank", title(status), status, detail, field);
    }

    static Response response(Problem problem, Map<String, String> headers) {
        Response.ResponseBuilder response = Response.status(problem.status())
                .type(MediaType.valueOf(Problem.MEDIA_TYPE))
                .entity(problem);
        headers.forEach(response::header);
        return response.build();
    }

    private static String title(int status) {
        if (status == UNPROCESSABLE) {
            return "Unprocessable Content";
        }
        Status known = Status.fromStatusCode(status);
        return known == null ? "Error" : known.getReasonPhrase();
    }
}
