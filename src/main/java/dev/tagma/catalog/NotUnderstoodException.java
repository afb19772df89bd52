package dev.tagma.catalog;

/** What is declared was stored by another version, in words that this one does not know; the message names them, and the fix. */
public final class NotUnderstoodException extends CatalogUnavailableException {
    private static final long serialVersionUID = 1L;

    public NotUnderstoodException(String message, Throwable cause) {
        super(message, cause);
    }
}
