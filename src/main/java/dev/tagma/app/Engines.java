package dev.tagma.app;

import dev.tagma.agent.tool.Toolboxes;
import dev.tagma.app.engine.GatewayEngine;
import dev.tagma.app.engine.RuntimeEngine;
import dev.tagma.catalog.Catalog;
import dev.tagma.gateway.CatalogModels;
import dev.tagma.gateway.GatewaySettings;
import dev.tagma.gateway.GatewayStores;
import dev.tagma.gateway.ReplyFeed;
import dev.tagma.mission.link.Hello;
import dev.tagma.runtime.RuntimeInstance;
import dev.tagma.runtime.RuntimeSettings;
import dev.tagma.store.DatabaseSettings;
import dev.tagma.store.PostgresStore;

/** The engines of one process, wired to a store and to what is declared here: one gateway, and as many runtimes as are asked for. */
final class Engines implements AutoCloseable {
    private final GatewayStores stores;
    private final Runnable closeStores;
    private final Catalog catalog;
    private final GatewayEngine gateway;
    private final RuntimeEngine runtime;

    Engines(GatewayStores stores, Runnable closeStores, Resources resources, GatewaySettings settings) {
        this.stores = stores;
        this.closeStores = closeStores;
        this.catalog = new ManifestCatalog(resources);
        Toolboxes toolboxes = new Toolboxes();
        this.gateway =
                new GatewayEngine(stores, new GatewayEngine.Surroundings(catalog, toolboxes, ReplyFeed.NONE), settings);
        this.runtime = new RuntimeEngine(toolboxes);
    }

    /** Throws {@link dev.tagma.mission.StoreUnavailableException} where Postgres does not answer. */
    static Engines onPostgres(DatabaseAddress address, Resources resources) {
        PostgresStore store =
                PostgresStore.open(DatabaseSettings.of(address.url(), address.user(), address.password()));
        return new Engines(
                GatewayEngine.stores(store),
                store::close,
                resources,
                GatewaySettings.of("tagma-" + ProcessHandle.current().pid()));
    }

    GatewayStores stores() {
        return stores;
    }

    Catalog catalog() {
        return catalog;
    }

    CatalogModels models() {
        return gateway.models();
    }

    /** One more runtime in this process. */
    RuntimeInstance runtime(Hello hello, RuntimeSettings settings) {
        return runtime.start(gateway.gateway(), hello, settings);
    }

    @Override
    public void close() {
        gateway.close();
        runtime.close();
        closeStores.run();
    }
}
