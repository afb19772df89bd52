package dev.tagma.gateway.rest.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * An error as RFC 9457 has it.
 *
 * @param type what kind of error, as a URI; {@code about:blank} where the status says it all
 * @param title the status in words
 * @param status of HTTP
 * @param detail what is wrong, and how to repair it
 * @param field of the request that is wrong, such as {@code spec.timeout} or {@code limit}; null where none is
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(description = "What is wrong with a request, or with the gateway.")
public record Problem(
        @Schema(description = "What kind of error, as a URI; about:blank where the status says it all.")
        String type,

        @Schema(description = "The status in words.") String title,

        @Schema(description = "The status of HTTP.") int status,

        @Schema(description = "What is wrong, and how to repair it.")
        String detail,

        @Schema(description = "The field or parameter that is wrong, such as spec.timeout; left out where none is.")
        String field) {
    /** The media type of errors. */
    public static final String MEDIA_TYPE = "application/problem+json";
}
