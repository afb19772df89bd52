package dev.tagma.manifest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** What the API server does with a Secret besides: its data is base64, and plain stringData is moved there. */
final class Secrets {
    private Secrets() {}

    /** Checks data and moves stringData into it. Never says a value. */
    static List<Violation> complete(ObjectNode secret) {
        List<Violation> violations = new ArrayList<>();
        secret.path("data").properties().forEach(each -> {
            String oneLine = each.getValue().asText().replaceAll("[\\r\\n]", "");
            each.setValue(TextNode.valueOf(oneLine));
            if (!base64(oneLine)) {
                violations.add(new Violation(
                        FieldPath.property("data", each.getKey()),
                        Violation.Kind.Invalid,
                        "Invalid value: not base64: plain text goes into stringData"));
            }
        });
        if (secret.remove("stringData") instanceof ObjectNode plain) {
            ObjectNode data = secret.get("data") instanceof ObjectNode given ? given : secret.putObject("data");
            plain.properties()
                    .forEach(each -> data.put(
                            each.getKey(),
                            Base64.getEncoder()
                                    .encodeToString(each.getValue().asText().getBytes(StandardCharsets.UTF_8))));
        }
        return violations;
    }

    private static boolean base64(String text) {
        try {
            Base64.getDecoder().decode(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
