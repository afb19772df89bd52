package dev.tagma.store;

class JdbcModelCallsIT extends ModelCallsContract {
    @Override
    StoreFixture open() {
        return new JdbcStoreFixture();
    }
}
