package dev.tagma.operator.pool;

/** A pod template that a pool may not have; the message names the field and the fix. */
final class TemplateException extends Exception {
    private static final long serialVersionUID = 1L;

    TemplateException(String field, String problem) {
        super("spec.runtime.template" + (field.isEmpty() ? "" : "." + field) + ": " + problem);
    }
}
