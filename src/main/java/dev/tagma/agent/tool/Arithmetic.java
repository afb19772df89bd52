package dev.tagma.agent.tool;

import com.ezylang.evalex.BaseException;
import com.ezylang.evalex.Expression;
import com.ezylang.evalex.config.ExpressionConfiguration;
import com.ezylang.evalex.data.EvaluationValue;
import com.ezylang.evalex.parser.ParseException;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * An expression in exact decimals: 68 digits inside, 34 shown. It can neither reach data nor run code, and its length, nesting and
 * the size of every intermediate number are bounded, so that no expression costs more than a few milliseconds. Thread-safe.
 */
final class Arithmetic {
    /** Longest expression in characters. */
    static final int MAX_LENGTH = 4096;

    // an operator counts twice: about 1,000 terms in a row
    private static final int MAX_DEPTH = 2000;
    // pi to 68 digits: OEIS A000796
    private static final BigDecimal PI =
            new BigDecimal("3.1415926535897932384626433832795028841971693993751058209749445923078");
    private static final Map<String, EvaluationValue> CONSTANTS = constants();
    private static final ExpressionConfiguration CONFIGURATION = ExpressionConfiguration.builder()
            .operatorDictionary(ArithmeticOperators.dictionary())
            .functionDictionary(ArithmeticFunctions.dictionary())
            .defaultConstants(CONSTANTS)
            .implicitMultiplicationAllowed(false)
            .structuresAllowed(false)
            .binaryAllowed(false)
            .maxRecursionDepth(MAX_DEPTH)
            .locale(Locale.ROOT)
            .build();

    private final Expression parsed;

    private Arithmetic(Expression parsed) {
        this.parsed = parsed;
    }

    /** The parsed expression; throws IllegalArgumentException, which says what is wrong and where. */
    static Arithmetic of(String expression) {
        if (expression == null || expression.isBlank()) {
            throw new IllegalArgumentException("is empty: write an expression such as (12.5 + 3) * 4");
        }
        if (expression.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("has " + expression.length() + " characters, at most " + MAX_LENGTH
                    + " are allowed: split it into several calls");
        }
        try {
            Expression parsed = new Expression(expression, CONFIGURATION);
            parsed.validate();
            return new Arithmetic(parsed);
        } catch (ParseException e) {
            throw new IllegalArgumentException(explain(e), e);
        } catch (NumberFormatException | ArithmeticException e) {
            throw new IllegalArgumentException("holds a number that cannot be read: " + e.getMessage(), e);
        }
    }

    /** Names in the expression that are neither functions nor constants. */
    Set<String> names() {
        try {
            Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
            names.addAll(parsed.getUsedVariables());
            names.removeAll(CONSTANTS.keySet());
            return names;
        } catch (ParseException e) {
            throw new IllegalStateException("it was parsed before", e);
        }
    }

    /**
     * The value with {@code inputs} (BigDecimal, or lists of them) in place of names; throws IllegalArgumentException, which says
     * what is wrong.
     */
    BigDecimal evaluate(Map<String, Object> inputs) {
        try {
            EvaluationValue value = parsed.copy().withValues(inputs).evaluate();
            if (value.isBooleanValue()) {
                return value.getBooleanValue() ? BigDecimal.ONE : BigDecimal.ZERO;
            }
            if (!value.isNumberValue()) {
                throw new IllegalArgumentException("gives no number but "
                        + value.getDataType().name().toLowerCase(Locale.ROOT)
                        + (value.isArrayValue() ? ": wrap the list in SUM, AVG, MIN, MAX or COUNT" : ""));
            }
            return ArithmeticOperators.bounded(value.getNumberValue());
        } catch (BaseException e) {
            throw new IllegalArgumentException(explain(e), e);
        } catch (ArithmeticException | NumberFormatException e) {
            throw new IllegalArgumentException("cannot be computed: " + e.getMessage(), e);
        }
    }

    private static Map<String, EvaluationValue> constants() {
        Map<String, EvaluationValue> constants = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        constants.put("TRUE", EvaluationValue.TRUE);
        constants.put("FALSE", EvaluationValue.FALSE);
        constants.put("PI", EvaluationValue.numberValue(PI));
        return constants;
    }

    private static String explain(BaseException e) {
        String where = e.getStartPosition() > 0 ? " at character " + e.getStartPosition() : "";
        String message = String.valueOf(e.getMessage());
        String help = message.contains("Undefined function") || message.contains("Variable or constant")
                ? "; known functions: " + String.join(" ", ArithmeticFunctions.names())
                : message.contains("recursion depth") ? "; use SUM, or split it into several calls" : "";
        return message + where + help;
    }
}
