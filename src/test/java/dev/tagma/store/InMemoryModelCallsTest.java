package dev.tagma.store;

class InMemoryModelCallsTest extends ModelCallsContract {
    @Override
    StoreFixture open() {
        return new InMemoryFixture();
    }
}
