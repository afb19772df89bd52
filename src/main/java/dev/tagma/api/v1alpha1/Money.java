package dev.tagma.api.v1alpha1;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.regex.Pattern;

/** Money as the API writes it: decimal strings in the installation's one currency, such as {@code "0.50"}. */
public final class Money {
    /** What an amount looks like, for schemas: up to 9 digits, up to 9 decimals. */
    public static final String PATTERN = "^[0-9]{1,9}(\\.[0-9]{1,9})?$";

    private static final Pattern WHOLE = Pattern.compile(PATTERN);

    private Money() {}

    /** The amount in 10^-9 of the currency; throws IllegalArgumentException, which names the fix, where {@code text} is none. */
    public static long parseNanos(String text) {
        if (text == null || !WHOLE.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is no amount of money: write a decimal string, such as \"0.50\"");
        }
        return new BigDecimal(text)
                .movePointRight(9)
                .setScale(0, RoundingMode.UNNECESSARY)
                .longValueExact();
    }
}
