package dev.tagma.operator.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.store.memory.InMemoryStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PoolLoadsTest {
    private static final UUID POOL = new UUID(0, 1);

    private Instant now = Instant.EPOCH;
    private final InMemoryStore store = new InMemoryStore(InstantSource.system());
    private final PoolLoads loads = new PoolLoads(store.poolMissions(), () -> now);
    private final PoolWork work = new PoolWork(store, POOL);

    @Test
    void countsAreAskedAtMostEverySoOften() {
        assertThat(loads.of(POOL).queued()).isZero();
        work.queue();
        now = now.plus(PoolLoads.EVERY).minusMillis(1);
        assertThat(loads.of(POOL).queued()).isZero();
        now = now.plusMillis(1);
        assertThat(loads.of(POOL).queued()).isEqualTo(1);
    }

    @Test
    void whoNeedsThemNowGetsThemNow() {
        loads.of(POOL);
        work.queue();
        assertThat(loads.now(POOL).queued()).isEqualTo(1);
        assertThat(loads.of(POOL).queued()).isEqualTo(1);
    }

    @Test
    void aForgottenPoolIsCountedAnew() {
        loads.of(POOL);
        work.queue();
        loads.forget(POOL);
        assertThat(loads.of(POOL).queued()).isEqualTo(1);
    }
}
