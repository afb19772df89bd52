package dev.tagma.store;

class JdbcBindingsIT extends BindingsContract {
    @Override
    StoreFixture open() {
        return new JdbcStoreFixture();
    }
}
