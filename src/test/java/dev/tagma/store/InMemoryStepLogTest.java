package dev.tagma.store;

class InMemoryStepLogTest extends StepLogContract {
    @Override
    StoreFixture open() {
        return new InMemoryFixture();
    }
}
