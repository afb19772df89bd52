package dev.tagma.operator.mission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tagma.api.v1alpha1.Mission;
import dev.tagma.catalog.CatalogUnavailableException;
import dev.tagma.mission.StoreUnavailableException;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ArrearsTest {
    private static final Logger LOG = Logger.getLogger(Arrears.class.getName());

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final Mission one = Missions.open("one", UUID.randomUUID());
    private final Mission other = Missions.open("other", UUID.randomUUID());
    private final Set<UUID> present = new HashSet<>(Set.of(RunIdentity.own(one), RunIdentity.own(other)));
    private final Arrears arrears = new Arrears(present::contains, nanos::get);
    private final List<LogRecord> said = new ArrayList<>();
    private final Handler listener = new Handler() {
        @Override
        public void publish(LogRecord line) {
            said.add(line);
        }

        @Override
        public void flush() {
            said.size();
        }

        @Override
        public void close() {
            said.clear();
        }
    };

    @BeforeEach
    void listen() {
        LOG.addHandler(listener);
    }

    @AfterEach
    void silence() {
        LOG.removeHandler(listener);
    }

    @Test
    void whatIsAwayIsAskedAgainInASecond() {
        assertThat(after(one, new StoreUnavailableException("away", null))).contains(1_000L);
        assertThat(after(one, new CatalogUnavailableException("away", null))).contains(1_000L);
    }

    @Test
    void aConflictIsTriedAgainAtOnceAndWhatIsGoneNever() {
        assertThat(after(one, new KubernetesClientException("conflict", 409, null)))
                .contains(100L);
        assertThat(after(one, new KubernetesClientException("gone", 404, null))).isEmpty();
        later(Duration.ofMinutes(1));
        arrears.look();
        assertThat(arrears.late()).isZero();
    }

    @Test
    void otherTroubleIsTheRetrys() {
        KubernetesClientException refused = new KubernetesClientException("refused", 403, null);
        assertThatThrownBy(() -> after(one, refused)).isSameAs(refused);
        assertThat(arrears.triedWithin(RunIdentity.own(one), Duration.ofSeconds(1)))
                .isTrue();
    }

    /** The framework would never call for the mission again. */
    @Test
    void anErrorIsHandedOnAsAnException() {
        assertThatThrownBy(() -> attempt(one, () -> {
                    throw new StackOverflowError();
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasCauseInstanceOf(StackOverflowError.class);
    }

    @Test
    void longTroubleIsSaidOnceAtItsBeginningAndOnceAtItsEnd() {
        for (int second = 0; second < 60; second++) {
            after(one, new CatalogUnavailableException("the pools are not listed", null));
            after(other, new CatalogUnavailableException("the pools are not listed", null));
            arrears.look();
            later(Duration.ofSeconds(1));
        }
        assertThat(arrears.late()).isEqualTo(2);
        assertThat(arrears.longest()).isEqualTo(Duration.ofSeconds(60));
        attempt(one, UpdateControl::noUpdate);
        arrears.look();
        assertThat(arrears.late()).isEqualTo(1);
        attempt(other, UpdateControl::noUpdate);
        arrears.look();
        arrears.look();
        assertThat(arrears.late()).isZero();
        assertThat(arrears.longest()).isZero();
        assertThat(said).extracting(LogRecord::getLevel).containsExactly(Level.WARNING, Level.INFO);
        assertThat(String.valueOf(said.getFirst().getParameters()[3])).contains("the pools are not listed");
    }

    @Test
    void troubleOfAMomentIsNotWorthALine() {
        after(one, new StoreUnavailableException("away", null));
        later(Duration.ofSeconds(9));
        arrears.look();
        attempt(one, UpdateControl::noUpdate);
        later(Duration.ofSeconds(9));
        arrears.look();
        assertThat(said).isEmpty();
    }

    @Test
    void aReconciliationThatDoesNotReturnIsSaidWithThePlaceWhereItIs() {
        attempt(one, () -> {
            later(Duration.ofSeconds(11));
            arrears.look();
            return UpdateControl.noUpdate();
        });
        assertThat(said).hasSize(1);
        assertThat(String.valueOf(said.getFirst().getParameters()[3])).contains(ArrearsTest.class.getName());
    }

    @Test
    void nothingIsOwedToWhatIsGone() {
        after(one, new StoreUnavailableException("away", null));
        present.clear();
        later(Duration.ofMinutes(1));
        arrears.look();
        assertThat(arrears.late()).isZero();
        assertThat(arrears.triedWithin(RunIdentity.own(one), Duration.ofHours(1)))
                .isFalse();
    }

    private java.util.Optional<Long> after(Mission mission, RuntimeException trouble) {
        return attempt(mission, () -> {
                    throw trouble;
                })
                .getScheduleDelay();
    }

    private UpdateControl<Mission> attempt(Mission mission, Supplier<UpdateControl<Mission>> work) {
        return arrears.attempt(mission, work);
    }

    private void later(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
