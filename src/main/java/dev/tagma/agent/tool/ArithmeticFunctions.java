package dev.tagma.agent.tool;

import com.ezylang.evalex.EvaluationException;
import com.ezylang.evalex.Expression;
import com.ezylang.evalex.config.FunctionDictionaryIfc;
import com.ezylang.evalex.config.MapBasedFunctionDictionary;
import com.ezylang.evalex.data.EvaluationValue;
import com.ezylang.evalex.functions.FunctionIfc;
import com.ezylang.evalex.functions.FunctionParameterDefinition;
import com.ezylang.evalex.functions.basic.IfFunction;
import com.ezylang.evalex.parser.Token;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The functions of {@link Arithmetic}: on numbers and lists of numbers, which count as their elements. */
final class ArithmeticFunctions {
    private static final int MANY = Integer.MAX_VALUE;
    private static final Map<String, FunctionIfc> ALL = new TreeMap<>(Map.ofEntries(
            Map.entry("SUM", numbers(0, MANY, ArithmeticFunctions::sum)),
            Map.entry("AVG", numbers(1, MANY, ArithmeticFunctions::average)),
            Map.entry("AVERAGE", numbers(1, MANY, ArithmeticFunctions::average)),
            Map.entry("COUNT", numbers(0, MANY, list -> BigDecimal.valueOf(list.size()))),
            Map.entry(
                    "MIN",
                    numbers(
                            1,
                            MANY,
                            list -> list.stream().min(BigDecimal::compareTo).orElseThrow())),
            Map.entry(
                    "MAX",
                    numbers(
                            1,
                            MANY,
                            list -> list.stream().max(BigDecimal::compareTo).orElseThrow())),
            Map.entry("ABS", numbers(1, 1, list -> list.getFirst().abs())),
            Map.entry("ROUND", numbers(1, 2, list -> scaled(list, RoundingMode.HALF_EVEN))),
            Map.entry("FLOOR", numbers(1, 1, list -> scaled(list, RoundingMode.FLOOR))),
            Map.entry("CEILING", numbers(1, 1, list -> scaled(list, RoundingMode.CEILING))),
            Map.entry("SQRT", numbers(1, 1, list -> squareRoot(list.getFirst()))),
            Map.entry("POW", numbers(2, 2, list -> ArithmeticOperators.power(list.getFirst(), list.getLast()))),
            Map.entry("EXP", numbers(1, 1, list -> real(Math.exp(list.getFirst().doubleValue())))),
            Map.entry("LN", numbers(1, 1, list -> real(Math.log(list.getFirst().doubleValue())))),
            Map.entry(
                    "LOG", numbers(1, 1, list -> real(Math.log10(list.getFirst().doubleValue())))),
            Map.entry(
                    "LOG10",
                    numbers(1, 1, list -> real(Math.log10(list.getFirst().doubleValue())))),
            Map.entry("IF", new IfFunction())));

    private ArithmeticFunctions() {}

    @SuppressWarnings({"unchecked", "rawtypes"})
    static FunctionDictionaryIfc dictionary() {
        return MapBasedFunctionDictionary.ofFunctions(ALL.entrySet().toArray(new Map.Entry[0]));
    }

    static Set<String> names() {
        return new TreeSet<>(ALL.keySet());
    }

    private static BigDecimal sum(List<BigDecimal> list) {
        return list.stream().reduce(BigDecimal.ZERO, (a, b) -> a.add(b, ArithmeticOperators.PRECISION));
    }

    private static BigDecimal average(List<BigDecimal> list) {
        return sum(list).divide(BigDecimal.valueOf(list.size()), ArithmeticOperators.PRECISION);
    }

    private static BigDecimal scaled(List<BigDecimal> list, RoundingMode mode) {
        BigDecimal scale = list.size() == 2 ? list.getLast() : BigDecimal.ZERO;
        if (scale.abs().compareTo(BigDecimal.valueOf(Numbers.MAX_EXPONENT)) > 0) {
            throw new ArithmeticException("no number: at most " + Numbers.MAX_EXPONENT + " decimals");
        }
        return list.getFirst().setScale(scale.intValueExact(), mode);
    }

    private static BigDecimal squareRoot(BigDecimal square) {
        if (square.signum() < 0) {
            throw new ArithmeticException("no real number for a negative one");
        }
        return square.sqrt(ArithmeticOperators.PRECISION);
    }

    private static BigDecimal real(double value) {
        return ArithmeticOperators.approximate(value);
    }

    private static FunctionIfc numbers(int least, int most, Calculation calculation) {
        return new NumberFunction(least, most, calculation);
    }

    @FunctionalInterface
    private interface Calculation {
        BigDecimal apply(List<BigDecimal> numbers);
    }

    private record NumberFunction(int least, int most, Calculation calculation) implements FunctionIfc {
        @Override
        public List<FunctionParameterDefinition> getFunctionParameterDefinitions() {
            return List.of(FunctionParameterDefinition.builder()
                    .name("number")
                    .isVarArg(true)
                    .build());
        }

        @Override
        public EvaluationValue evaluate(Expression expression, Token function, EvaluationValue... arguments)
                throws EvaluationException {
            List<BigDecimal> numbers = new ArrayList<>();
            try {
                for (EvaluationValue argument : arguments) {
                    flatten(function, argument, numbers);
                }
                if (numbers.size() < least || numbers.size() > most) {
                    throw new EvaluationException(
                            function,
                            function.getValue() + " takes " + least
                                    + (most == least ? "" : most == MANY ? " or more" : " or " + most)
                                    + " numbers, not " + numbers.size());
                }
                return EvaluationValue.numberValue(ArithmeticOperators.bounded(calculation.apply(numbers)));
            } catch (ArithmeticException e) {
                throw new EvaluationException(function, function.getValue() + " gives " + e.getMessage());
            }
        }

        private static void flatten(Token function, EvaluationValue value, List<BigDecimal> into)
                throws EvaluationException {
            if (value.isArrayValue()) {
                for (EvaluationValue element : value.getArrayValue()) {
                    flatten(function, element, into);
                }
            } else if (value.isNumberValue()) {
                into.add(ArithmeticOperators.bounded(value.getNumberValue()));
            } else {
                throw new EvaluationException(function, function.getValue() + " works on numbers alone");
            }
        }

        @Override
        public void validatePreEvaluation(Token function, EvaluationValue... arguments) {
            // evaluate checks numbers and their count together
        }

        @Override
        public boolean hasVarArgs() {
            return true;
        }
    }
}
