package dev.tagma.store;

import dev.tagma.mission.Claim;

class JdbcModelCallsIT extends ModelCallsContract {
    private JdbcStoreFixture jdbc;

    @Override
    StoreFixture open() {
        jdbc = new JdbcStoreFixture();
        return jdbc;
    }

    @Override
    Claim owner() {
        return jdbc.running();
    }

    @Override
    Claim handOver(Claim held) {
        return jdbc.handOver(held);
    }
}
