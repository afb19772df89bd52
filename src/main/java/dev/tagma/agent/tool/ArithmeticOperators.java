package dev.tagma.agent.tool;

import com.ezylang.evalex.EvaluationException;
import com.ezylang.evalex.Expression;
import com.ezylang.evalex.config.ExpressionConfiguration;
import com.ezylang.evalex.config.MapBasedOperatorDictionary;
import com.ezylang.evalex.config.OperatorDictionaryIfc;
import com.ezylang.evalex.data.EvaluationValue;
import com.ezylang.evalex.operators.OperatorIfc;
import com.ezylang.evalex.operators.booleans.InfixAndOperator;
import com.ezylang.evalex.operators.booleans.InfixEqualsOperator;
import com.ezylang.evalex.operators.booleans.InfixGreaterEqualsOperator;
import com.ezylang.evalex.operators.booleans.InfixGreaterOperator;
import com.ezylang.evalex.operators.booleans.InfixLessEqualsOperator;
import com.ezylang.evalex.operators.booleans.InfixLessOperator;
import com.ezylang.evalex.operators.booleans.InfixNotEqualsOperator;
import com.ezylang.evalex.operators.booleans.InfixOrOperator;
import com.ezylang.evalex.operators.booleans.PrefixNotOperator;
import com.ezylang.evalex.parser.Token;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Map;

/** The operators of {@link Arithmetic}: on numbers alone, with every operand and result bounded. */
final class ArithmeticOperators {
    /** Digits inside a calculation. */
    static final MathContext PRECISION = new MathContext(68, RoundingMode.HALF_EVEN);

    private static final int APPROXIMATE_DIGITS = 15;

    private ArithmeticOperators() {}

    @SuppressWarnings({"unchecked", "rawtypes"})
    static OperatorDictionaryIfc dictionary() {
        // as strong as a sign and from the right, so that -2^2 is -4 and 2^-1 is 0.5
        OperatorIfc power = infix(OperatorIfc.OPERATOR_PRECEDENCE_UNARY, false, ArithmeticOperators::power);
        OperatorIfc equal = new InfixEqualsOperator();
        OperatorIfc unequal = new InfixNotEqualsOperator();
        return MapBasedOperatorDictionary.ofOperators(new Map.Entry[] {
            Map.entry("+", prefix(a -> a)),
            Map.entry("-", prefix(BigDecimal::negate)),
            Map.entry("+", infix(OperatorIfc.OPERATOR_PRECEDENCE_ADDITIVE, true, (a, b) -> a.add(b, PRECISION))),
            Map.entry("-", infix(OperatorIfc.OPERATOR_PRECEDENCE_ADDITIVE, true, (a, b) -> a.subtract(b, PRECISION))),
            Map.entry("*", multiplicative((a, b) -> a.multiply(b, PRECISION))),
            Map.entry("/", multiplicative(ArithmeticOperators::divide)),
            Map.entry("%", multiplicative(ArithmeticOperators::modulo)),
            Map.entry("^", power),
            Map.entry("**", power),
            Map.entry("=", equal),
            Map.entry("==", equal),
            Map.entry("!=", unequal),
            Map.entry("<>", unequal),
            Map.entry("<", new InfixLessOperator()),
            Map.entry("<=", new InfixLessEqualsOperator()),
            Map.entry(">", new InfixGreaterOperator()),
            Map.entry(">=", new InfixGreaterEqualsOperator()),
            Map.entry("&&", new InfixAndOperator()),
            Map.entry("||", new InfixOrOperator()),
            Map.entry("!", new PrefixNotOperator())
        });
    }

    /** {@code number} with at most 68 digits; throws ArithmeticException where it is too large, or too close to 0, to work with. */
    static BigDecimal bounded(BigDecimal number) {
        if (number.signum() == 0) {
            return BigDecimal.ZERO;
        }
        if (Numbers.outOfRange(number)) {
            throw new ArithmeticException("a number beyond 1e" + Numbers.MAX_EXPONENT);
        }
        return number.round(PRECISION);
    }

    /** {@code base} to the power of {@code exponent}: exact for whole exponents, to 15 digits for others. */
    static BigDecimal power(BigDecimal base, BigDecimal exponent) {
        if (base.signum() == 0 && exponent.signum() < 0) {
            throw new ArithmeticException("0 to a negative power");
        }
        if (exponent.signum() != 0 && exponent.stripTrailingZeros().scale() > 0) {
            return approximate(Math.pow(base.doubleValue(), exponent.doubleValue()));
        }
        if (base.signum() != 0 && Math.abs(log10(base)) * exponent.abs().doubleValue() > Numbers.MAX_EXPONENT + 1.0) {
            throw new ArithmeticException("a power beyond 1e" + Numbers.MAX_EXPONENT);
        }
        return base.pow(exponent.intValueExact(), PRECISION);
    }

    private static double log10(BigDecimal number) {
        int exponent = number.precision() - number.scale() - 1;
        return exponent + Math.log10(number.abs().movePointLeft(exponent).doubleValue());
    }

    /** A result of floating point arithmetic, to the digits that it can vouch for. */
    static BigDecimal approximate(double value) {
        if (!Double.isFinite(value)) {
            throw new ArithmeticException("no real number");
        }
        return new BigDecimal(value).round(new MathContext(APPROXIMATE_DIGITS, RoundingMode.HALF_EVEN));
    }

    private static BigDecimal divide(BigDecimal dividend, BigDecimal divisor) {
        if (divisor.signum() == 0) {
            throw new ArithmeticException("division by zero");
        }
        return dividend.divide(divisor, PRECISION);
    }

    private static BigDecimal modulo(BigDecimal dividend, BigDecimal divisor) {
        if (divisor.signum() == 0) {
            throw new ArithmeticException("division by zero");
        }
        return dividend.remainder(divisor);
    }

    private static OperatorIfc multiplicative(Calculation calculation) {
        return infix(OperatorIfc.OPERATOR_PRECEDENCE_MULTIPLICATIVE, true, calculation);
    }

    private static OperatorIfc infix(int precedence, boolean leftAssociative, Calculation calculation) {
        return new NumberOperator(precedence, leftAssociative, true, calculation);
    }

    private static OperatorIfc prefix(java.util.function.UnaryOperator<BigDecimal> calculation) {
        return new NumberOperator(
                OperatorIfc.OPERATOR_PRECEDENCE_UNARY, false, false, (a, ignored) -> calculation.apply(a));
    }

    @FunctionalInterface
    private interface Calculation {
        BigDecimal apply(BigDecimal left, BigDecimal right);
    }

    private record NumberOperator(int precedence, boolean leftAssociative, boolean infix, Calculation calculation)
            implements OperatorIfc {
        @Override
        public EvaluationValue evaluate(Expression expression, Token operator, EvaluationValue... operands)
                throws EvaluationException {
            for (EvaluationValue operand : operands) {
                if (!operand.isNumberValue()) {
                    throw new EvaluationException(operator, "\"" + operator.getValue() + "\" works on numbers alone");
                }
            }
            try {
                BigDecimal left = bounded(operands[0].getNumberValue());
                BigDecimal right = infix ? bounded(operands[1].getNumberValue()) : BigDecimal.ZERO;
                return EvaluationValue.numberValue(bounded(calculation.apply(left, right)));
            } catch (ArithmeticException e) {
                throw new EvaluationException(operator, "\"" + operator.getValue() + "\" gives " + e.getMessage());
            }
        }

        @Override
        public int getPrecedence() {
            return precedence;
        }

        @Override
        public int getPrecedence(ExpressionConfiguration configuration) {
            return precedence;
        }

        @Override
        public boolean isLeftAssociative() {
            return leftAssociative;
        }

        @Override
        public boolean isPrefix() {
            return !infix;
        }

        @Override
        public boolean isPostfix() {
            return false;
        }

        @Override
        public boolean isInfix() {
            return infix;
        }

        @Override
        public boolean isOperandLazy() {
            return false;
        }
    }
}
