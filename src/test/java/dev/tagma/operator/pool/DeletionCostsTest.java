package dev.tagma.operator.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DeletionCostsTest {
    @Test
    void costsAreLoadsRoundedUpToPowersOfTwo() {
        assertThat(IntStream.of(-1, 0, 1, 2, 3, 4, 5, 8, 9, 1000).map(DeletionCosts::cost))
                .containsExactly(0, 0, 1, 2, 4, 4, 8, 8, 16, 1024);
    }

    @Test
    void moreLoadNeverCostsLess() {
        assertThat(IntStream.rangeClosed(0, 10_000).map(DeletionCosts::cost).toArray())
                .isSorted()
                .doesNotContain(-1);
    }
}
