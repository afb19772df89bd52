package dev.tagma.chart;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Objects that the chart rendered. */
public record Rendered(List<JsonNode> objects) {
    /** The one of this kind and name. Throws where there is none. */
    public JsonNode get(String kind, String name) {
        return find(kind, name)
                .orElseThrow(() -> new AssertionError("no " + kind + " " + name + " among "
                        + objects.stream().map(Rendered::title).collect(Collectors.joining(", "))));
    }

    public Optional<JsonNode> find(String kind, String name) {
        return objects.stream()
                .filter(each -> title(each).equals(kind + " " + name))
                .findFirst();
    }

    public List<JsonNode> all(String kind) {
        return objects.stream()
                .filter(each -> each.path("kind").asText().equals(kind))
                .toList();
    }

    /** Those that an installation makes: no hooks. */
    public List<JsonNode> installed() {
        return objects.stream()
                .filter(each -> each.at("/metadata/annotations/helm.sh~1hook").isMissingNode())
                .toList();
    }

    /** The container of operator or gateway. */
    public JsonNode container(String role) {
        return get("Deployment", Chart.RELEASE + "-" + role).at("/spec/template/spec/containers/0");
    }

    /** A variable of operator or gateway: its value, or where it comes from. Missing where it is not set. */
    public JsonNode variable(String role, String name) {
        return StreamSupport.stream(container(role).path("env").spliterator(), false)
                .filter(each -> each.path("name").asText().equals(name))
                .findFirst()
                .map(each -> each.has("value") ? each.path("value") : each.path("valueFrom"))
                .orElseGet(() -> container(role).at("/no/such"));
    }

    static String title(JsonNode object) {
        return object.path("kind").asText() + " " + object.at("/metadata/name").asText();
    }
}
