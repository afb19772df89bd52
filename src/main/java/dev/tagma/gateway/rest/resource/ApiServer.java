package dev.tagma.gateway.rest.resource;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tagma.gateway.rest.http.ProblemException;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import jakarta.ws.rs.core.Response.Status;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The objects of our group, as the API server has them: passed on as JSON, so that a field that this version does not know and a number
 * of any length stay what they are. Acts with the gateway's own account; whoever calls this has authorised the caller.
 */
public final class ApiServer {
    private static final Logger LOG = System.getLogger(ApiServer.class.getName());
    private static final String ROOT = "apis/tagma.dev/v1alpha1/namespaces/";
    private static final String WRITE = "?fieldManager=tagma-gateway&fieldValidation=Strict";
    private static final String JSON = "application/json";
    private static final String MERGE_PATCH = "application/merge-patch+json";
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** How the API server's own authorizer refuses; the status tells it from a refusal of an admission by nothing else. */
    private static final Pattern NO_RIGHT = Pattern.compile(" is forbidden: User \"[^\"]*\" cannot ");

    private static final Pattern UNKNOWN_FIELD = Pattern.compile("(?:unknown|duplicate) field \"([^\"]+)\"");

    private final KubernetesClient client;
    private final JsonMapper json;

    public ApiServer(KubernetesClient client, JsonMapper json) {
        this.client = client;
        this.json = json;
    }

    /** The object, without what managers own of it. */
    ObjectNode get(String resource, String namespace, String name) {
        return shown(send(request(path(resource, namespace) + "/" + name)));
    }

    /** A page of the objects in a namespace, as a list of Kubernetes. */
    ObjectNode list(String resource, String namespace, String query) {
        return send(request(path(resource, namespace) + "?" + query));
    }

    ObjectNode create(String resource, String namespace, ObjectNode object) {
        return shown(send(request(path(resource, namespace) + WRITE).method("POST", JSON, object.toString())));
    }

    ObjectNode merge(String resource, String namespace, String name, ObjectNode patch) {
        return shown(send(request(path(resource, namespace) + "/" + name + WRITE)
                .method("PATCH", MERGE_PATCH, patch.toString())));
    }

    void delete(String resource, String namespace, String name) {
        send(request(path(resource, namespace) + "/" + name + "?propagationPolicy=Background")
                .method("DELETE", JSON, "{}"));
    }

    private static String path(String resource, String namespace) {
        return ROOT + namespace + "/" + resource;
    }

    private HttpRequest.Builder request(String path) {
        return client.getHttpClient()
                .newHttpRequestBuilder()
                .uri(client.getMasterUrl() + path)
                .header("Accept", JSON)
                .timeout(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    static ObjectNode shown(ObjectNode object) {
        if (object.get("metadata") instanceof ObjectNode metadata) {
            metadata.remove("managedFields");
        }
        return object;
    }

    private ObjectNode send(HttpRequest.Builder request) {
        HttpResponse<String> response = answer(client.getHttpClient().sendAsync(request.build(), String.class));
        ObjectNode body = parsed(response.body());
        if (!response.isSuccessful()) {
            throw refused(response.code(), body);
        }
        return body;
    }

    private static HttpResponse<String> answer(CompletableFuture<HttpResponse<String>> pending) {
        try {
            return pending.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            pending.cancel(true);
            LOG.log(Level.WARNING, "the API server does not answer: {0}", e.getMessage());
            throw ProblemException.unavailable("the API server does not answer: try again");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ProblemException.unavailable("the gateway stops: try again");
        }
    }

    private ObjectNode parsed(String body) {
        try {
            if (body != null && json.readTree(body) instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            // a proxy's words, which are nobody's business
        }
        return json.createObjectNode();
    }

    /** What the API server says of the request is the caller's; what it says of the gateway's account is ours. */
    static ProblemException refused(int code, JsonNode status) {
        String message = status.path("message").asText("the API server refuses it");
        if (code == Status.UNAUTHORIZED.getStatusCode()
                || code == Status.FORBIDDEN.getStatusCode()
                        && NO_RIGHT.matcher(message).find()) {
            LOG.log(Level.ERROR, "the API server refuses the gateway: {0}", message);
            return ProblemException.unavailable("the gateway's own account may not do this: see its installation");
        }
        if (code >= Status.INTERNAL_SERVER_ERROR.getStatusCode()) {
            LOG.log(Level.WARNING, "the API server failed: {0}", message);
            return ProblemException.unavailable("the API server failed: try again");
        }
        Map<String, String> headers = code == Status.TOO_MANY_REQUESTS.getStatusCode()
                ? Map.of(
                        "Retry-After",
                        status.path("details").path("retryAfterSeconds").asText("1"))
                : Map.of();
        return new ProblemException(code, message, field(status), headers);
    }

    private static String field(JsonNode status) {
        JsonNode details = status.path("details");
        JsonNode first = details.path("causes").path(0).path("field");
        if (first.isTextual() && !first.asText().isEmpty()) {
            return first.asText();
        }
        Matcher unknown = UNKNOWN_FIELD.matcher(status.path("message").asText());
        if ("BadRequest".equals(status.path("reason").asText()) && unknown.find()) {
            return unknown.group(1);
        }
        return "AlreadyExists".equals(status.path("reason").asText()) ? "metadata.name" : null;
    }
}
