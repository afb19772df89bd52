package dev.tagma.store;

class InMemoryBindingsTest extends BindingsContract {
    @Override
    StoreFixture open() {
        return new InMemoryFixture();
    }
}
