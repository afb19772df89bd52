package dev.tagma.store;

class JdbcInstanceRegistryIT extends InstanceRegistryContract {
    @Override
    StoreFixture open() {
        return new JdbcStoreFixture();
    }
}
