package dev.tagma.store;

class JdbcPoolMissionsIT extends PoolMissionsContract {
    @Override
    StoreFixture open() {
        return new JdbcStoreFixture();
    }
}
