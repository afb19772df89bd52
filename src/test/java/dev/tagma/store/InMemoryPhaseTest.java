package dev.tagma.store;

class InMemoryPhaseTest extends PhaseContract {
    @Override
    StoreFixture open() {
        return new InMemoryFixture();
    }
}
