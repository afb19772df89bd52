package dev.tagma.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tagma.api.v1alpha1.ModelProviderSpec;
import dev.tagma.model.Pricing.Price;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PricingTest {
    @Test
    void aCostIsExactAndRoundedUpOnce() {
        Price price = priced("0.0375", "0.15");

        assertThat(price.costNanos(1_000_000, 0)).isEqualTo(37_500_000);
        assertThat(price.costNanos(2, 0)).isEqualTo(75);
        assertThat(price.costNanos(1, 0)).isEqualTo(38);
        assertThat(price.costNanos(1, 1)).isEqualTo(188);
        assertThat(price.costNanos(0, 0)).isZero();
    }

    @Test
    void aCostBeyondAllBoundsStopsThere() {
        assertThat(new Price(Long.MAX_VALUE, 0).costNanos(Long.MAX_VALUE, 0)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aModelWithoutAPriceIsFree() {
        assertThat(Pricing.of(null).price("gpt-4.1").costNanos(1_000, 1_000)).isZero();
        assertThat(Pricing.of(List.of(new ModelProviderSpec.Price("other", "1", "1")))
                        .price("gpt-4.1"))
                .isEqualTo(Price.FREE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "two", "", "0.0000000001", "99999999999999"})
    void aWrongPriceIsRefusedByItsField(String decimal) {
        assertThatThrownBy(() -> priced("1", decimal))
                .hasMessage("pricing[0].outputPerMillion: \"" + decimal
                        + "\" is no price: write a decimal such as \"2.50\" with at most 9 places");
    }

    private static Price priced(String input, String output) {
        return Pricing.of(List.of(new ModelProviderSpec.Price("m", input, output)))
                .price("m");
    }
}
