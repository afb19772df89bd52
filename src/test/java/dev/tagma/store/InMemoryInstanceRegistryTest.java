package dev.tagma.store;

class InMemoryInstanceRegistryTest extends InstanceRegistryContract {
    @Override
    StoreFixture open() {
        return new InMemoryFixture();
    }
}
