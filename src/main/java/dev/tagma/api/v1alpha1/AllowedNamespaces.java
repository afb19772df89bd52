package dev.tagma.api.v1alpha1;

import java.util.Map;

/** Whose missions may use a pool, or whose pools a provider. */
public record AllowedNamespaces(From from, Selector selector) {
    /** How namespaces are chosen. */
    public enum From {
        Same,
        All,
        Selector
    }

    /** Chooses namespaces by their labels. */
    public record Selector(Map<String, String> matchLabels) {}
}
