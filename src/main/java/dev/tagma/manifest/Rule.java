package dev.tagma.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Pattern;

/**
 * A CEL rule of a schema.
 *
 * @param expression true where the object is fine
 * @param message where it is not; {@code messageExpression}, where there is one, says more
 * @param fieldPath the field that the message is about, such as {@code .timeout}; empty for the object that has the rule
 */
record Rule(String expression, String message, String messageExpression, String fieldPath) {
    private static final Pattern OLD_SELF = Pattern.compile("\\boldSelf\\b");

    static Rule of(JsonNode node) {
        return new Rule(
                node.path("rule").asText(),
                node.path("message").asText(),
                node.path("messageExpression").asText(""),
                node.path("fieldPath").asText(""));
    }

    /** Whether the rule compares an object with what it was: a new object has nothing to fear from it. */
    boolean transition() {
        return OLD_SELF.matcher(expression).find();
    }

    /** The path of the message's field where the rule's object stands at {@code path}. */
    String field(String path) {
        return path.isEmpty() && !fieldPath.isEmpty() ? fieldPath.substring(1) : path + fieldPath;
    }
}
