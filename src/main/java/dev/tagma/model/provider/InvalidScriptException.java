package dev.tagma.model.provider;

/** A script that cannot be used; the message names the field and the fix. */
public final class InvalidScriptException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    InvalidScriptException(String field, String problem) {
        super(field + ": " + problem);
    }
}
