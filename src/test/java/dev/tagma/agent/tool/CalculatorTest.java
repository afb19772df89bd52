package dev.tagma.agent.tool;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CalculatorTest {
    private final Calculator calculator = new Calculator("calculator", null);

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0.1 + 0.2                       | 0.3
            1/3*3                           | 1
            2^10                            | 1024
            2**10                           | 1024
            -2^2                            | -4
            2^-1                            | 0.5
            2^3^2                           | 512
            7 % 4                           | 3
            123456789.123456789*1000000000  | 123456789123456789
            SUM(1.10, 2.20, 3.30)           | 6.6
            avg(1, 2, 4.5)                  | 2.5
            MIN(3, 1, 2) + max(3, 1, 2)     | 4
            SQRT(2)                         | 1.414213562373095048801688724209698
            4^0.5                           | 2
            ROUND(2.345, 2)                 | 2.34
            round(2.5)                      | 2
            FLOOR(-1.5)                     | -2
            CEILING(1.2)                    | 2
            ABS(-5)                         | 5
            POW(1.1, 2)                     | 1.21
            LOG(1000)                       | 3
            LN(EXP(1))                      | 1
            IF(2 > 1, 10, 20)               | 10
            1 < 2 && !(2 < 1)               | 1
            100 * 1.5e3                     | 150000
            ROUND(PI, 4)                    | 3.1416
            0e999999999                     | 0
            """)
    void computesExactly(String expression, String result) {
        assertThat(call(expression)).isEqualTo(ToolOutput.ok(result));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1/0                | division by zero
            9^9^9^9            | beyond 1e1000
            10^1001            | beyond 1e1000
            1e999999999 + 1    | beyond 1e1000
            1e999999999        | beyond 1e1000
            1e999999999 % 7    | beyond 1e1000
            FLOOR(1e999999999) | beyond 1e1000
            ROUND(1, 999999999)| at most 1000 decimals
            FACT(10)           | known functions: ABS
            foo + 1            | known functions: ABS
            (1 + 2             | Closing brace not found
            SQRT(-1)           | no real number
            SQRT(1, 2)         | SQRT takes 1 numbers, not 2
            LN(-1)             | no real number
            (-8)^0.5           | no real number
            "a" + "b"          | works on numbers alone
            "a"                | gives no number but string
            1e99999999999      | cannot be computed
            0^-1               | 0 to a negative power
            3 000              | expression
            """)
    @Timeout(2)
    void saysWhatIsWrong(String expression, String problem) {
        assertThat(call(expression))
                .isInstanceOfSatisfying(
                        ToolOutput.Error.class,
                        error -> assertThat(error.text().shown())
                                .startsWith("expression ")
                                .contains(problem));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NOW()",
                "DT_NOW()",
                "RANDOM()",
                "STR_FORMAT(\"%999999999d\", 1)",
                "java.lang.Runtime",
                "System.exit(1)",
                "a[0]",
                "a.b"
            })
    void reachesNeitherCodeNorData(String expression) {
        assertThat(call(expression)).isInstanceOf(ToolOutput.Error.class);
    }

    @Test
    void nestingAndLengthAreBounded() {
        assertThat(call("(".repeat(2000) + "1" + ")".repeat(2000))).isEqualTo(ToolOutput.ok("1"));
        assertThat(call("-".repeat(4095) + "1")).isInstanceOf(ToolOutput.Error.class);
        assertThat(call("1+".repeat(5000) + "1"))
                .isInstanceOfSatisfying(
                        ToolOutput.Error.class,
                        error -> assertThat(error.text().shown()).contains("at most 4096"));
        assertThat(call("")).isInstanceOf(ToolOutput.Error.class);
    }

    @Test
    void longSumsAreComputed() {
        assertThat(call("0.1+".repeat(900) + "0.1")).isEqualTo(ToolOutput.ok("90.1"));
        assertThat(call("SUM(" + "1,".repeat(2000) + "1)")).isEqualTo(ToolOutput.ok("2001"));
    }

    @Test
    void theMostExpensiveExpressionIsCheap() {
        long begin = System.nanoTime();
        assertThat(call("SQRT(2)*".repeat(500) + "1.000000001^99999999")).isInstanceOf(ToolOutput.Ok.class);
        assertThat(call("(1.1^9999/1.1^9999)*".repeat(200) + "1")).isEqualTo(ToolOutput.ok("1"));
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(2));
    }

    private ToolOutput call(String expression) {
        ObjectNode arguments = Json.object().put("expression", expression);
        return calculator.call(arguments);
    }
}
