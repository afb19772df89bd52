package dev.tagma.agent.tool;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Decimal numbers as tools take and give them: exact, and never so large that writing them down costs memory. */
final class Numbers {
    /** Digits that are shown. */
    static final MathContext SHOWN = MathContext.DECIMAL128;

    /** Largest power of ten, and with its sign the smallest. */
    static final int MAX_EXPONENT = 1000;

    private static final int MAX_LENGTH = 100;

    private Numbers() {}

    /** Whether a number is too large, or too close to 0, to work with. */
    static boolean outOfRange(BigDecimal number) {
        long exponent = (long) number.precision() - number.scale() - 1;
        return Math.abs(exponent) > MAX_EXPONENT;
    }

    /** The number in a JSON number or a decimal string; throws IllegalArgumentException, which says what is wrong with it. */
    static BigDecimal read(JsonNode node) {
        if (!node.isNumber() && !node.isTextual()) {
            throw new IllegalArgumentException("must be a number, not " + shorten(node.toString()));
        }
        String text = node.asText().strip();
        BigDecimal number;
        try {
            number = node.isNumber() ? node.decimalValue() : new BigDecimal(checkLength(text));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "\"" + shorten(text) + "\" is no number: write digits with a dot, such as 1234.5, and no unit", e);
        }
        if (outOfRange(number)) {
            throw new IllegalArgumentException("is beyond 1e" + MAX_EXPONENT);
        }
        return number;
    }

    private static String checkLength(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("has more than " + MAX_LENGTH + " characters");
        }
        return text;
    }

    /** The number without an exponent; not rounded where {@code scale} is null, else half-even to that many decimals. */
    static String write(BigDecimal number, Integer scale) {
        if (scale != null) {
            return number.setScale(scale, RoundingMode.HALF_EVEN).toPlainString();
        }
        BigDecimal shown = number.round(SHOWN).stripTrailingZeros();
        return shown.toPlainString();
    }

    private static String shorten(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "...";
    }
}
