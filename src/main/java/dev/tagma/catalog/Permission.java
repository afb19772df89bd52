package dev.tagma.catalog;

import dev.tagma.api.v1alpha1.AllowedNamespaces;
import java.util.Map;

/** Who may refer to a resource from another namespace. */
public final class Permission {
    private Permission() {}

    /** Whether objects of namespace {@code other} may refer to one of namespace {@code owner} that allows {@code allowed}. */
    public static boolean given(AllowedNamespaces allowed, String owner, String other, Catalog catalog) {
        if (owner.equals(other)) {
            return true;
        }
        if (allowed == null || allowed.from() == null) {
            return false;
        }
        return switch (allowed.from()) {
            case Same -> false;
            case All -> true;
            case Selector ->
                catalog.namespaceLabels(other)
                        .entrySet()
                        .containsAll(selector(allowed).entrySet());
        };
    }

    private static Map<String, String> selector(AllowedNamespaces allowed) {
        boolean given = allowed.selector() != null && allowed.selector().matchLabels() != null;
        return given ? allowed.selector().matchLabels() : Map.of();
    }
}
