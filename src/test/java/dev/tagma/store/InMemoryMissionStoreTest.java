package dev.tagma.store;

class InMemoryMissionStoreTest extends MissionStoreContract {
    @Override
    StoreFixture open() {
        return new InMemoryFixture();
    }
}
