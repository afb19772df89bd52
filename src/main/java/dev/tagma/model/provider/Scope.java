package dev.tagma.model.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;

/** The values that templates may name: a conversation, and in a forEach the element it stands on. */
interface Scope {
    /** The value of a root other than result and results. */
    JsonNode root(String name);

    /** What a tool returned so far; a missing node where the history window cut a result. */
    ArrayNode results(String tool);

    /** This scope, standing on an element. */
    default Scope on(int index, JsonNode item) {
        Scope outer = this;
        return new Scope() {
            @Override
            public JsonNode root(String name) {
                return switch (name) {
                    case "item" -> item;
                    case "index" -> IntNode.valueOf(index);
                    default -> outer.root(name);
                };
            }

            @Override
            public ArrayNode results(String tool) {
                return outer.results(tool);
            }
        };
    }
}
