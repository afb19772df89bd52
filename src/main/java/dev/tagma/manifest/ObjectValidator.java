package dev.tagma.manifest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Completes and checks one object as the API server does on create: metadata, defaults, schema, rules. Thread-safe. */
final class ObjectValidator {
    private final Map<String, Kind> kinds = new LinkedHashMap<>();
    private final RuleValidator rules = new RuleValidator();

    ObjectValidator(List<Kind> kinds) {
        kinds.forEach(kind -> this.kinds.put(kind.apiVersion() + " " + kind.name(), kind));
    }

    /** Fills in the object's defaults and says what is wrong with it. */
    List<Violation> complete(ObjectNode object) {
        List<Violation> violations = new ArrayList<>();
        Kind kind = kind(object, violations);
        if (kind == null) {
            return violations;
        }
        // The API server takes status through its own subresource only.
        object.remove("status");
        Metadata.apply(object, kind);
        Defaults.apply(object, kind.schema());
        violations.addAll(Metadata.validate(object, kind));
        violations.addAll(StructuralValidator.validate(object, kind.schema(), FieldPath.ROOT));
        if (violations.stream().noneMatch(Violation::blocking)) {
            boolean valid = violations.isEmpty();
            rules.validate(object, kind.schema()).stream()
                    .filter(violation -> valid || violation.kind() != Violation.Kind.Unevaluated)
                    .forEach(violations::add);
        }
        return violations;
    }

    /** What forbids that {@code old} becomes {@code object}; both are complete and valid by themselves, and of one kind. */
    List<Violation> validateUpdate(ObjectNode old, ObjectNode object) {
        List<Violation> violations = new ArrayList<>();
        Kind kind = kind(object, violations);
        return kind == null ? violations : rules.validateUpdate(old, object, kind.schema());
    }

    private Kind kind(ObjectNode object, List<Violation> violations) {
        String apiVersion = object.path("apiVersion").asText("");
        String name = object.path("kind").asText("");
        if (apiVersion.isEmpty()) {
            violations.add(Violation.required("apiVersion"));
        }
        if (name.isEmpty()) {
            violations.add(Violation.required("kind"));
        }
        Kind kind = kinds.get(apiVersion + " " + name);
        if (kind == null && violations.isEmpty()) {
            boolean known = kinds.values().stream().anyMatch(each -> each.name().equals(name));
            violations.add(new Violation(
                    known ? "apiVersion" : "kind",
                    Violation.Kind.NotSupported,
                    "no matches for kind \"" + name + "\" in version \"" + apiVersion + "\": supported are "
                            + supported()));
        }
        return kind;
    }

    private String supported() {
        return kinds.values().stream()
                .map(kind -> kind.name() + " (" + kind.apiVersion() + ")")
                .collect(Collectors.joining(", "));
    }
}
