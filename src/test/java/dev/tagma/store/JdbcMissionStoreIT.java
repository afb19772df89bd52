package dev.tagma.store;

class JdbcMissionStoreIT extends MissionStoreContract {
    @Override
    StoreFixture open() {
        return new JdbcStoreFixture();
    }
}
