package dev.tagma.catalog;

/** Tells that something declared is no longer what it was. A hint that may come twice: whoever hears it asks the {@link Catalog}, which knows by then. */
public interface CatalogChanges {
    /** Tells {@code listener} of what changes from now on. It is called from any thread and must not block. */
    Subscription subscribe(Listener listener);

    /** Hears of changes. */
    interface Listener {
        /** The AgentPool of this name appeared, is being deleted or is gone, or got another spec or revision. */
        void poolChanged(String namespace, String name);

        /** The namespace of this name appeared, is gone, or got other labels. */
        void namespaceChanged(String name);
    }

    /** Lasts until it is closed. */
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
