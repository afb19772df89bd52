package dev.tagma.store;

class JdbcPhaseIT extends PhaseContract {
    @Override
    StoreFixture open() {
        return new JdbcStoreFixture();
    }
}
