package dev.tagma.store;

class JdbcPoolRevisionsIT extends PoolRevisionsContract {
    @Override
    StoreFixture open() {
        return new JdbcStoreFixture();
    }
}
