package dev.tagma.catalog;

/** What is declared cannot be told at the moment: ask again later. */
public class CatalogUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CatalogUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
