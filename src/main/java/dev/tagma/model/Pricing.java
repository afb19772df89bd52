package dev.tagma.model;

import dev.tagma.api.v1alpha1.ModelProviderSpec;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the models of a provider cost. A model without a price costs nothing: budgets of money do not bind it, those of tokens do. */
public final class Pricing {
    private static final BigInteger MILLION = BigInteger.valueOf(1_000_000);

    private final Map<String, Price> prices;

    private Pricing(Map<String, Price> prices) {
        this.prices = Map.copyOf(prices);
    }

    /** The prices that a provider declares; throws IllegalArgumentException, which names the field. */
    public static Pricing of(List<ModelProviderSpec.Price> declared) {
        Map<String, Price> prices = new HashMap<>();
        for (int i = 0; declared != null && i < declared.size(); i++) {
            ModelProviderSpec.Price price = declared.get(i);
            String field = "pricing[" + i + "].";
            prices.put(
                    price.model(),
                    new Price(
                            nanos(field + "inputPerMillion", price.inputPerMillion()),
                            nanos(field + "outputPerMillion", price.outputPerMillion())));
        }
        return new Pricing(prices);
    }

    /** The price of a model by the provider's name; {@link Price#FREE} where none is declared. */
    public Price price(String model) {
        return prices.getOrDefault(model, Price.FREE);
    }

    private static long nanos(String field, String decimal) {
        if (decimal == null) {
            return 0;
        }
        try {
            long nanos = new BigDecimal(decimal).movePointRight(9).longValueExact();
            if (nanos >= 0) {
                return nanos;
            }
        } catch (ArithmeticException | NumberFormatException e) {
            // the same answer as for a negative price
        }
        throw new IllegalArgumentException(
                field + ": \"" + decimal + "\" is no price: write a decimal such as \"2.50\" with at most 9 places");
    }

    /**
     * A model's price.
     *
     * @param inputNanosPerMillion and {@code outputNanosPerMillion}: 10^-9 of the currency for a million tokens
     */
    public record Price(long inputNanosPerMillion, long outputNanosPerMillion) {
        /** No price. */
        public static final Price FREE = new Price(0, 0);

        /** The cost in 10^-9 of the currency, exact and rounded up once; {@link Long#MAX_VALUE} where it is beyond that. */
        public long costNanos(long inputTokens, long outputTokens) {
            if (inputNanosPerMillion == 0 && outputNanosPerMillion == 0) {
                return 0;
            }
            BigInteger[] cost = product(inputTokens, inputNanosPerMillion)
                    .add(product(outputTokens, outputNanosPerMillion))
                    .divideAndRemainder(MILLION);
            BigInteger rounded = cost[1].signum() == 0 ? cost[0] : cost[0].add(BigInteger.ONE);
            return rounded.bitLength() < Long.SIZE ? rounded.longValue() : Long.MAX_VALUE;
        }

        private static BigInteger product(long a, long b) {
            return BigInteger.valueOf(a).multiply(BigInteger.valueOf(b));
        }
    }
}
