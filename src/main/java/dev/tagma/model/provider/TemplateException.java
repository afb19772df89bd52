package dev.tagma.model.provider;

/** A template that cannot be read, or that names a value which is not there. */
final class TemplateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TemplateException(String message) {
        super(message);
    }
}
