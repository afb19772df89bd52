package dev.tagma.model.provider;

import java.time.Duration;

/**
 * What one call brings to a shared HTTP client, over the head of langchain4j, whose models fix it when they are built.
 *
 * @param timeout for the whole exchange, the body included
 * @param key that is taken out of what the answer says
 */
record Exchange(Duration timeout, String idempotencyKey, ApiKey key) {
    /** The exchange of the call that runs on this thread. */
    static final ScopedValue<Exchange> CURRENT = ScopedValue.newInstance();
}
