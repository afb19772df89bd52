package dev.tagma.manifest;

/** Paths to fields, as the API server writes them: {@code spec.tools[1].name}. */
final class FieldPath {
    static final String ROOT = "";

    private FieldPath() {}

    static String property(String parent, String name) {
        return parent.isEmpty() ? name : parent + "." + name;
    }

    static String item(String parent, int index) {
        return parent + "[" + index + "]";
    }

    /** The path that {@code child} hangs from; the root for a top-level field. */
    static String parent(String child) {
        return child.substring(0, Math.max(0, Math.max(child.lastIndexOf('.'), child.lastIndexOf('['))));
    }
}
