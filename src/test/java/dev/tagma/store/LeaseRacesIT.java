package dev.tagma.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.dispatch.Bindings.Takeover;
import dev.tagma.mission.Claim;
import dev.tagma.mission.Reason;
import dev.tagma.mission.link.Load;
import dev.tagma.registry.InstanceRegistry.Beat;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Leases and what may judge them wrongly: an outage, another clock, a renewal that comes in between. */
class LeaseRacesIT extends StoreContract {
    private static final Takeover NOTHING = new Takeover(List.of(), 0, 0);

    private JdbcStoreFixture jdbc;

    @Override
    StoreFixture open() {
        jdbc = new JdbcStoreFixture();
        return jdbc;
    }

    @Test
    void storeAway20sNoTakeover() {
        Claim living = running().claim();
        Claim dead = running().claim();
        jdbc.away(Duration.ofSeconds(20));
        assertThat(store.bindings().takeOver()).isEqualTo(NOTHING);
        store.advance(LEASE.dividedBy(2));
        assertThat(store.bindings().takeOver()).isEqualTo(NOTHING);
        beat(living);
        store.advance(LEASE.dividedBy(2).plusMillis(1));
        assertThat(store.bindings().takeOver().requeued()).isEqualTo(1);
        assertThat(find(living.uid()).claim()).isEqualTo(living);
        assertThat(find(dead.uid()).reason()).isEqualTo(Reason.RuntimeLost);
    }

    private void beat(Claim claim) {
        store.instances().heartbeat(List.of(new Beat(find(claim.uid()).instance(), false, Load.UNKNOWN)), LEASE);
    }

    @Test
    void aLateEndOfTheOldLineWaitsForTheRenewalOfTheNewOne() throws Exception {
        Claim living = running().claim();
        long instance = find(living.uid()).instance();
        store.advance(LEASE.dividedBy(2));
        try (Connection renewal = jdbc.open()) {
            JdbcInstanceRegistry.heartbeat(renewal, List.of(new Beat(instance, false, Load.UNKNOWN)), LEASE);
            jdbc.after(renewal, () -> {
                store.instances().shorten(instance, () -> LEASE.dividedBy(2), Duration.ZERO);
                return null;
            });
        }
        store.advance(LEASE.dividedBy(2));
        assertThat(store.bindings().takeOver()).isEqualTo(NOTHING);
    }

    @Test
    void aShortLeaseBeginsAnewAfterAnOutageThatMayHaveTakenIt() {
        Claim broken = running().claim();
        Duration left = LEASE.dividedBy(10);
        store.instances().shorten(find(broken.uid()).instance(), () -> Duration.ZERO, left);
        jdbc.away(left);
        assertThat(store.bindings().takeOver()).isEqualTo(NOTHING);
        store.advance(left.plusMillis(1));
        assertThat(store.bindings().takeOver().requeued()).isEqualTo(1);
    }

    @Test
    void clockJumpOnPromotion() {
        Claim ahead = running().claim();
        lapse();
        jdbc.execute("update store_health set timeline = timeline - 1");
        assertThat(store.bindings().takeOver())
                .as("the new server's clock is ahead")
                .isEqualTo(NOTHING);
        assertThat(find(ahead.uid()).claim()).isEqualTo(ahead);
        jdbc.away(Duration.ofHours(-1));
        assertThat(store.bindings().takeOver()).as("its clock is behind").isEqualTo(NOTHING);
        lapse();
        assertThat(store.bindings().takeOver().requeued())
                .as("the dead are still found")
                .isEqualTo(1);
    }
}
