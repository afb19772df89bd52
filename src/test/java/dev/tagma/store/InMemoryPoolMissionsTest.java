package dev.tagma.store;

class InMemoryPoolMissionsTest extends PoolMissionsContract {
    @Override
    StoreFixture open() {
        return new InMemoryFixture();
    }
}
