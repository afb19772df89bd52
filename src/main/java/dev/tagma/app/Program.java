package dev.tagma.app;

import dev.tagma.app.fleet.ClusterFleet;
import dev.tagma.app.remote.KubernetesFleet;

/** What the commands are made of: how manifests are read, a system is started, a store or the way to a cluster is opened. */
record Program(
        ManifestSource manifests,
        RunningSystem.Starter starter,
        OpenStore.Opener stores,
        ClusterFleet.Opener clusters) {
    /** The one that users run. */
    static Program real() {
        return new Program(
                new CheckedManifests(System.in), EmbeddedSystem::start, OpenStore::onPostgres, KubernetesFleet::open);
    }
}
