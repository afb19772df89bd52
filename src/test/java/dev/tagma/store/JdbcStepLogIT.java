package dev.tagma.store;

class JdbcStepLogIT extends StepLogContract {
    @Override
    StoreFixture open() {
        return new JdbcStoreFixture();
    }
}
