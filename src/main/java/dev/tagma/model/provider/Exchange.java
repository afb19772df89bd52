package dev.tagma.model.provider;

import java.time.Duration;

/**
 * What one call brings to a shared HTTP client, over the head of langchain4j, whose models fix it when they are built.
 *
 * @param timeout for the whole exchange, the body included
 */
record Exchange(Duration timeout, String idempotencyKey) {
    /** The exchange of the call that runs on this thread. */
    static final ScopedValue<Exchange> CURRENT = ScopedValue.newInstance();
}
