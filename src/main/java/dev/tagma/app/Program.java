package dev.tagma.app;

/** What the commands are made of: how manifests are read, a system is started, a store is opened. */
record Program(ManifestSource manifests, RunningSystem.Starter starter, OpenStore.Opener opener) {
    /** The one that users run. */
    static Program real() {
        return new Program(new CheckedManifests(System.in), EmbeddedSystem::start, OpenStore::onPostgres);
    }
}
