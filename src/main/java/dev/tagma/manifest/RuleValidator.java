package dev.tagma.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.projectnessie.cel.checker.Decls;
import org.projectnessie.cel.extension.StringsLib;
import org.projectnessie.cel.tools.Script;
import org.projectnessie.cel.tools.ScriptException;
import org.projectnessie.cel.tools.ScriptHost;

/** Asks a schema's CEL rules. Compiles each once, when first asked. Thread-safe. */
final class RuleValidator {
    private final ScriptHost host = ScriptHost.newBuilder().build();
    private final Map<String, Script> compiled = new ConcurrentHashMap<>();

    /** The rules that {@code value} breaks as a new object. */
    List<Violation> validate(JsonNode value, Schema schema) {
        List<Violation> violations = new ArrayList<>();
        walk(value, null, schema, FieldPath.ROOT, violations);
        return violations;
    }

    /** The transition rules that going from {@code old} to {@code value} breaks. Items of lists have no past. */
    List<Violation> validateUpdate(JsonNode old, JsonNode value, Schema schema) {
        List<Violation> violations = new ArrayList<>();
        walk(value, old, schema, FieldPath.ROOT, violations);
        return violations;
    }

    private void walk(JsonNode value, JsonNode old, Schema schema, String path, List<Violation> violations) {
        for (Rule rule : schema.rules()) {
            if (rule.transition() == (old != null)) {
                ask(rule, value, old, path, violations);
            }
        }
        if (value.isObject()) {
            value.properties().forEach(each -> {
                Schema child = schema.property(each.getKey());
                JsonNode past = old == null ? null : old.get(each.getKey());
                if (child != null && (old == null || past != null)) {
                    walk(each.getValue(), past, child, FieldPath.property(path, each.getKey()), violations);
                }
            });
        } else if (value.isArray() && schema.items() != null && old == null) {
            for (int i = 0; i < value.size(); i++) {
                walk(value.get(i), null, schema.items(), FieldPath.item(path, i), violations);
            }
        }
    }

    private void ask(Rule rule, JsonNode value, JsonNode old, String path, List<Violation> violations) {
        Map<String, Object> variables = new HashMap<>();
        variables.put("self", plain(value));
        if (old != null) {
            variables.put("oldSelf", plain(old));
        }
        try {
            if (!script(rule.expression()).execute(Boolean.class, variables)) {
                violations.add(Violation.rule(rule.field(path), message(rule, variables)));
            }
        } catch (ScriptException e) {
            violations.add(Violation.unevaluated(rule.field(path), e.getMessage(), rule.message()));
        }
    }

    private String message(Rule rule, Map<String, Object> variables) throws ScriptException {
        return rule.messageExpression().isEmpty()
                ? rule.message()
                : script(rule.messageExpression()).execute(String.class, variables);
    }

    private Script script(String expression) throws ScriptException {
        Script known = compiled.get(expression);
        if (known == null) {
            known = host.buildScript(KubernetesLibrary.adapt(expression))
                    .withDeclarations(List.of(Decls.newVar("self", Decls.Dyn), Decls.newVar("oldSelf", Decls.Dyn)))
                    .withLibraries(new StringsLib(), new KubernetesLibrary())
                    .build();
            compiled.put(expression, known);
        }
        return known;
    }

    /** The value as CEL takes it. */
    private static Object plain(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT, POJO -> {
                Map<String, Object> map = new LinkedHashMap<>();
                value.properties().forEach(each -> map.put(each.getKey(), plain(each.getValue())));
                yield map;
            }
            case ARRAY -> {
                List<Object> list = new ArrayList<>();
                value.forEach(item -> list.add(plain(item)));
                yield list;
            }
            case STRING, BINARY -> value.asText();
            case BOOLEAN -> value.booleanValue();
            case NUMBER ->
                value.canConvertToLong() && value.isIntegralNumber() ? (Object) value.longValue() : value.doubleValue();
            case NULL, MISSING -> null;
        };
    }
}
