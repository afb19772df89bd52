package dev.tagma.store;

class InMemoryPoolRevisionsTest extends PoolRevisionsContract {
    @Override
    StoreFixture open() {
        return new InMemoryFixture();
    }
}
