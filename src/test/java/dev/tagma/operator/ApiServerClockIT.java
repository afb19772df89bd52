package dev.tagma.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tagma.kube.Cluster;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiServerClockIT {
    @ParameterizedTest
    @ValueSource(ints = {-5, 5})
    void aMachineWhoseClockIsFiveMinutesOffGoesByTheServers(int minutes) {
        ApiServerClock clock = ApiServerClock.of(
                Cluster.shared().client(), Clock.offset(Clock.systemUTC(), Duration.ofMinutes(minutes)));
        clock.read();
        assertThat(clock.instant()).isCloseTo(Instant.now(), within(5, ChronoUnit.SECONDS));
    }
}
