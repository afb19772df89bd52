package dev.tagma.gateway.egress;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tagma.agent.tool.ArgumentSchema;
import dev.tagma.agent.tool.ToolOutput;
import dev.tagma.agent.tool.ToolPolicy;
import dev.tagma.agent.tool.Truncation;
import dev.tagma.api.v1alpha1.AgentPoolSpec.Tool;
import dev.tagma.api.v1alpha1.AgentPoolSpec.Tool.Http;
import dev.tagma.api.v1alpha1.AgentPoolSpec.Tool.SideEffects;
import dev.tagma.gateway.egress.EgressReply.Answered;
import dev.tagma.gateway.egress.EgressRequest.Header;
import dev.tagma.mission.step.ToolDefinition;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import okhttp3.HttpUrl;

/** An http tool: its arguments become a URL and a query or a body, the answer's body is its output. */
final class HttpTool {
    private final Tool tool;
    private final Http.Method method;
    private final UrlTemplate url;
    private final AllowedHosts allowed;
    private final JsonNode parameters;
    private final ArgumentSchema schema;

    /** The declared tool; throws IllegalArgumentException, which names the field, where it cannot work. */
    HttpTool(Tool tool) {
        this.tool = tool;
        this.method =
                tool.http().method() == null ? Http.Method.GET : tool.http().method();
        this.url = UrlTemplate.of(tool.http().url());
        this.allowed = AllowedHosts.of(tool.http().allowedHosts());
        this.parameters = tool.parameters() == null ? derived(url) : tool.parameters();
        this.schema = ArgumentSchema.of(parameters);
    }

    ToolDefinition definition() {
        String description = tool.description() == null
                ? "Sends an HTTP " + method + " request to " + tool.http().url()
                : tool.description();
        return new ToolDefinition(tool.name(), description, parameters);
    }

    /** Calls it with headers that are resolved already. */
    ToolOutput call(HttpEgress egress, OutsideCall call, RequestHeaders headers) {
        return switch (schema.read(call.call().arguments())) {
            case ArgumentSchema.Arguments.Invalid invalid -> ToolOutput.error(invalid.problem());
            case ArgumentSchema.Arguments.Valid valid -> {
                EgressRequest request;
                try {
                    request = request(valid.values(), call, headers);
                } catch (IllegalArgumentException e) {
                    yield ToolOutput.error(e.getMessage());
                }
                yield output(egress.send(request, BodyReader.BEGINNING), headers);
            }
        };
    }

    private EgressRequest request(ObjectNode arguments, OutsideCall call, RequestHeaders headers) {
        ObjectNode rest = arguments.deepCopy();
        HttpUrl target = url.expand(arguments);
        rest.remove(url.arguments());
        List<Header> all = new ArrayList<>(headers.headers());
        if (ToolPolicy.sideEffects(tool) != SideEffects.None) {
            all.add(new Header("Idempotency-Key", call.idempotencyKey()));
        }
        byte[] body = inQuery() ? null : rest.toString().getBytes(StandardCharsets.UTF_8);
        return new EgressRequest(
                method.name(), inQuery() ? withQuery(target, rest) : target, all, body, allowed, call.timeout());
    }

    private boolean inQuery() {
        return switch (method) {
            case GET, HEAD, DELETE -> true;
            case POST, PUT, PATCH -> false;
        };
    }

    private static HttpUrl withQuery(HttpUrl target, ObjectNode arguments) {
        HttpUrl.Builder builder = target.newBuilder();
        for (Map.Entry<String, JsonNode> argument : arguments.properties()) {
            Iterable<JsonNode> values =
                    argument.getValue().isArray() ? argument.getValue() : List.of(argument.getValue());
            for (JsonNode value : values) {
                if (!value.isNull()) {
                    builder.addEncodedQueryParameter(
                            UrlTemplate.encode(argument.getKey()),
                            UrlTemplate.encode(value.isValueNode() ? value.asText() : value.toString()));
                }
            }
        }
        return builder.build();
    }

    private ToolOutput output(EgressReply reply, RequestHeaders headers) {
        return switch (reply) {
            case EgressReply.NotSent notSent -> ToolOutput.error("Not sent: " + headers.redact(notSent.reason()) + ".");
            case EgressReply.Lost lost -> OutsideTools.lost(tool, headers.redact(lost.reason()));
            case Answered answered when answered.status() / 100 == 2 -> new ToolOutput.Ok(text(answered, headers, ""));
            case Answered answered -> {
                String to = answered.location() == null ? "" : " to " + headers.redact(answered.location());
                yield new ToolOutput.Error(text(answered, headers, "HTTP " + answered.status() + to + "\n"));
            }
        };
    }

    private static Truncation.Text text(Answered answered, RequestHeaders headers, String before) {
        String body = headers.redact(answered.body().text());
        String shown =
                before.isEmpty() && body.isEmpty() ? "HTTP " + answered.status() + ", no content" : before + body;
        return Truncation.of(shown, answered.body().unread());
    }

    /** What the URL tells of its arguments, for a tool that declares no parameters. */
    private static ObjectNode derived(UrlTemplate url) {
        ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        url.arguments().stream()
                .sorted()
                .forEach(name -> properties
                        .putObject(name)
                        .putArray("type")
                        .add("string")
                        .add("number"));
        var required = schema.putArray("required");
        url.arguments().stream().sorted().forEach(required::add);
        return schema;
    }
}
