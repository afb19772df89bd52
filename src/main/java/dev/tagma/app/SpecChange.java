package dev.tagma.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tagma.api.v1alpha1.MissionSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Which immutable fields of a mission's manifest are not what the mission was admitted with. */
final class SpecChange {
    private static final Set<String> MUTABLE = Set.of("suspend", "cancel", "retention");
    /** What the pool fills in where the manifest says nothing: compared only where it says something. */
    private static final Set<String> DEFAULTED =
            Set.of("poolRef", "agent", "maxIterations", "timeout", "priority", "retry", "budget");

    private static final Comparator<JsonNode> BY_VALUE = (a, b) ->
            a.equals(b) || a.isNumber() && b.isNumber() && a.decimalValue().compareTo(b.decimalValue()) == 0 ? 0 : 1;

    private final JsonMapper json;

    SpecChange(JsonMapper json) {
        this.json = json;
    }

    /** The fields, as {@code spec.goal}; none where the manifest still says what was admitted. */
    List<String> between(MissionSpec manifest, MissionSpec admitted) {
        JsonNode said = json.valueToTree(manifest);
        JsonNode stored = json.valueToTree(admitted);
        Set<String> fields = new TreeSet<>();
        said.fieldNames().forEachRemaining(fields::add);
        stored.fieldNames().forEachRemaining(fields::add);
        fields.removeAll(MUTABLE);
        if (manifest.inputsFrom() != null) {
            // resolved once, at the admission: what the ConfigMap holds now does not matter
            fields.removeAll(Set.of("inputs", "inputsFrom"));
        }
        List<String> changed = new ArrayList<>();
        for (String field : fields) {
            JsonNode now = said.path(field);
            JsonNode then = stored.path(field);
            boolean same = DEFAULTED.contains(field) ? within(now, then) : same(now, then);
            if (!same) {
                changed.add("spec." + field);
            }
        }
        return changed;
    }

    private static boolean same(JsonNode now, JsonNode then) {
        return absent(now) && absent(then) || now.equals(BY_VALUE, then);
    }

    /** Whether everything that {@code now} says holds in {@code then}. */
    private static boolean within(JsonNode now, JsonNode then) {
        if (absent(now)) {
            return true;
        }
        if (!now.isObject()) {
            return same(now, then);
        }
        for (Map.Entry<String, JsonNode> entry : now.properties()) {
            if (!within(entry.getValue(), then.path(entry.getKey()))) {
                return false;
            }
        }
        return true;
    }

    private static boolean absent(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }
}
