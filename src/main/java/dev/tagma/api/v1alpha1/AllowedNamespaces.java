package dev.tagma.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Map;

/** Whose missions may use a pool, or whose pools a provider. */
@ValidationRule(
        value = "(has(self.from) && self.from == 'Selector') == has(self.selector)",
        message = "selector is required with from: Selector, and forbidden without",
        fieldPath = ".selector")
public record AllowedNamespaces(
        @JsonPropertyDescription(
                "Same: only the object's own namespace. All: every namespace. Selector: namespaces whose labels match.")
        @Default("Same")
        @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
        From from,

        @JsonPropertyDescription("Chooses namespaces by their labels; with from: Selector only.")
        Selector selector) {
    /** How namespaces are chosen. */
    public enum From {
        Same,
        All,
        Selector
    }

    /** Chooses namespaces by their labels. */
    @SchemaCustomizer(value = SchemaTouch.class, input = "matchLabels minProperties=1 maxProperties=16 values=63")
    public record Selector(
            @JsonPropertyDescription("Labels that a namespace must have, all of them.") @Required
            Map<String, String> matchLabels) {}
}
