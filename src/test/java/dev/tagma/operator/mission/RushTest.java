package dev.tagma.operator.mission;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RushTest {
    private final AtomicLong now =
            new AtomicLong(Long.MAX_VALUE - Duration.ofSeconds(5).toNanos());
    private final Rush rush = new Rush(now::get);

    @Test
    void isOnWhileManyEnterWithinASecond() {
        enter(Rush.MANY - 1, Duration.ZERO);
        assertThat(rush.isOn()).isFalse();
        enter(1, Duration.ZERO);
        assertThat(rush.isOn()).isTrue();
    }

    @Test
    void isOverASecondAfterTheLast() {
        enter(3 * Rush.MANY, Duration.ofMillis(10));
        assertThat(rush.isOn()).isTrue();
        pass(Rush.WINDOW);
        assertThat(rush.isOn()).isFalse();
    }

    @Test
    void isNotMadeByAsManyInALongerTime() {
        enter(3 * Rush.MANY, Duration.ofMillis(25));
        assertThat(rush.isOn()).isFalse();
    }

    private void enter(int missions, Duration each) {
        for (int i = 0; i < missions; i++) {
            rush.admitted();
            pass(each);
        }
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }
}
