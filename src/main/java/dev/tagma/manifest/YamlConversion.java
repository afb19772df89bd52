package dev.tagma.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.CollectionNode;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** Turns one YAML document into JSON, reading scalars as kubectl does, and remembers the line of each field. */
final class YamlConversion {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** Aliases can make a small text grow without end. */
    private static final int MAX_NODES = 200_000;

    private static final BigDecimal LARGEST_WHOLE = BigDecimal.valueOf(Long.MAX_VALUE);

    private static final Pattern NO_NUMBER = Pattern.compile("[-+]?\\.(inf|nan)", Pattern.CASE_INSENSITIVE);

    /** Of YAML 1.2, which kubectl knows besides. */
    private static final Pattern OCTAL = Pattern.compile("[-+]?0o[0-7_]+");

    private static final Set<String> TRUE = Set.of("y", "yes", "true", "on");
    private static final Set<String> FALSE = Set.of("n", "no", "false", "off");

    private final Map<String, Integer> lines = new HashMap<>();
    private final Set<Node> open = Collections.newSetFromMap(new IdentityHashMap<>());
    private int nodes;

    /** The line of each field, by path. */
    Map<String, Integer> lines() {
        return lines;
    }

    /** The document as JSON; throws BadYaml. */
    JsonNode convert(Node root) {
        lines.put(FieldPath.ROOT, line(root));
        return json(root, FieldPath.ROOT);
    }

    static int line(Node node) {
        return node.getStartMark().getLine() + 1;
    }

    private JsonNode json(Node node, String path) {
        nodes++;
        if (nodes > MAX_NODES) {
            throw new BadYaml(line(node), "the document has more than " + MAX_NODES + " fields");
        }
        return switch (node) {
            case ScalarNode scalar -> scalar(scalar);
            case CollectionNode<?> collection -> collection(collection, path);
            default -> throw new BadYaml(line(node), "a " + node.getNodeId() + " cannot stand here");
        };
    }

    private JsonNode collection(CollectionNode<?> node, String path) {
        if (!open.add(node)) {
            throw new BadYaml(line(node), "an alias stands inside the value that it names");
        }
        try {
            return node instanceof MappingNode mapping ? object(mapping, path) : array((SequenceNode) node, path);
        } finally {
            open.remove(node);
        }
    }

    private ObjectNode object(MappingNode mapping, String path) {
        ObjectNode object = JSON.objectNode();
        for (NodeTuple entry : mapping.getValue()) {
            if (!(entry.getKeyNode() instanceof ScalarNode key)) {
                throw new BadYaml(line(entry.getKeyNode()), "a field's name must be a string");
            }
            String child = FieldPath.property(path, key.getValue());
            if (object.has(key.getValue())) {
                throw new BadYaml(
                        line(key), "key \"" + key.getValue() + "\" already set in map, at line " + lines.get(child));
            }
            lines.put(child, line(key));
            object.set(key.getValue(), json(entry.getValueNode(), child));
        }
        return object;
    }

    private ArrayNode array(SequenceNode sequence, String path) {
        ArrayNode array = JSON.arrayNode();
        for (Node item : sequence.getValue()) {
            String child = FieldPath.item(path, array.size());
            lines.put(child, line(item));
            array.add(json(item, child));
        }
        return array;
    }

    private static JsonNode scalar(ScalarNode scalar) {
        String text = scalar.getValue();
        Tag tag = scalar.getTag();
        if (scalar.getScalarStyle() == ScalarStyle.PLAIN && (tag == Tag.BOOL || tag == Tag.STR)) {
            String word = text.toLowerCase(Locale.ROOT);
            if (TRUE.contains(word) || FALSE.contains(word)) {
                return JSON.booleanNode(TRUE.contains(word));
            }
        }
        if (scalar.getScalarStyle() == ScalarStyle.PLAIN && OCTAL.matcher(text).matches()) {
            return whole(text.replace("_", "").replaceFirst("0o", "0"));
        }
        if (tag.equals(Tag.NULL)) {
            return JSON.nullNode();
        }
        if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
            return number(scalar);
        }
        return JSON.textNode(text);
    }

    /** What YAML 1.1 reads as a number and Kubernetes does not, such as 1:30, stays text. */
    private static JsonNode number(ScalarNode scalar) {
        String text = scalar.getValue();
        if (NO_NUMBER.matcher(text).matches()) {
            throw new BadYaml(line(scalar), "json: unsupported value: " + text);
        }
        String digits = text.replace("_", "");
        try {
            return whole(digits);
        } catch (NumberFormatException noInteger) {
            try {
                return decimal(new BigDecimal(digits));
            } catch (NumberFormatException noDecimal) {
                return JSON.textNode(text);
            }
        }
    }

    /** Kubernetes' conversion to JSON writes 2.0 as 2, which is an integer there. */
    private static JsonNode decimal(BigDecimal value) {
        boolean whole = value.signum() == 0 || value.stripTrailingZeros().scale() <= 0;
        return whole && value.abs().compareTo(LARGEST_WHOLE) < 0
                ? JSON.numberNode(value.longValueExact())
                : JSON.numberNode(value);
    }

    private static JsonNode whole(String digits) {
        boolean negative = digits.startsWith("-");
        String magnitude = negative || digits.startsWith("+") ? digits.substring(1) : digits;
        BigInteger value;
        if (magnitude.startsWith("0x")) {
            value = new BigInteger(magnitude.substring(2), 16);
        } else if (magnitude.startsWith("0b")) {
            value = new BigInteger(magnitude.substring(2), 2);
        } else if (magnitude.length() > 1 && magnitude.startsWith("0")) {
            value = new BigInteger(magnitude.substring(1), 8);
        } else {
            value = new BigInteger(magnitude);
        }
        BigInteger signed = negative ? value.negate() : value;
        return signed.bitLength() < Long.SIZE ? JSON.numberNode(signed.longValue()) : JSON.numberNode(signed);
    }

    /** Text that is YAML, and yet nothing that a manifest can say. */
    static final class BadYaml extends YAMLException {
        private static final long serialVersionUID = 1L;

        private final int line;

        BadYaml(int line, String message) {
            super(message);
            this.line = line;
        }

        int line() {
            return line;
        }
    }
}
