package dev.tagma.model;

import dev.tagma.model.ModelClient.ModelParameters;
import dev.tagma.model.Pricing.Price;
import java.time.Duration;

/**
 * One model of an agent's failover chain.
 *
 * @param model its name in the pool
 * @param timeout of one attempt, before it is cut to what the mission has left
 */
public record ModelLink(
        String model,
        ModelClient client,
        ModelParameters parameters,
        RetryPolicy retry,
        Price price,
        Duration timeout) {
    public ModelLink {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout of " + model + " must be above zero: " + timeout);
        }
    }
}
