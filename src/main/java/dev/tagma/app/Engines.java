package dev.tagma.app;

import dev.tagma.agent.AnswerJudge;
import dev.tagma.agent.ReactLoop;
import dev.tagma.agent.tool.Toolboxes;
import dev.tagma.api.v1alpha1.KeyRef;
import dev.tagma.catalog.Catalog;
import dev.tagma.gateway.CatalogModels;
import dev.tagma.gateway.Gateway;
import dev.tagma.gateway.GatewaySettings;
import dev.tagma.gateway.GatewayStores;
import dev.tagma.gateway.ModelDesk;
import dev.tagma.gateway.ReplyFeed;
import dev.tagma.gateway.ToolDesk;
import dev.tagma.gateway.egress.AuditLog;
import dev.tagma.gateway.egress.HttpEgress;
import dev.tagma.gateway.egress.McpEgress;
import dev.tagma.gateway.egress.OutsideTools;
import dev.tagma.gateway.egress.Resolver;
import dev.tagma.mission.link.Hello;
import dev.tagma.model.Chain;
import dev.tagma.model.Sleeper;
import dev.tagma.model.provider.ModelClients;
import dev.tagma.runtime.RuntimeInstance;
import dev.tagma.runtime.RuntimeSettings;
import dev.tagma.runtime.SystemAlarmClock;
import dev.tagma.store.DatabaseSettings;
import dev.tagma.store.PostgresStore;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/** The engines of one process, wired to a store and to what is declared here: one gateway, and as many runtimes as are asked for. */
final class Engines implements AutoCloseable {
    private final GatewayStores stores;
    private final Runnable closeStores;
    private final Catalog catalog;
    private final SystemAlarmClock clock = new SystemAlarmClock();
    private final Toolboxes toolboxes = new Toolboxes();
    private final AnswerJudge judge = new AnswerJudge();
    private final ModelClients clients;
    private final CatalogModels models;
    private final Gateway gateway;
    private final ReactLoop loop;

    Engines(GatewayStores stores, Runnable closeStores, Resources resources, GatewaySettings settings) {
        RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
        this.stores = stores;
        this.closeStores = closeStores;
        this.catalog = new ManifestCatalog(resources);
        this.clients = new ModelClients(Sleeper.SYSTEM, random, InstantSource.system());
        this.models = new CatalogModels(catalog, clients);
        HttpEgress egress = new HttpEgress(Resolver.SYSTEM, new AuditLog(), System::nanoTime);
        OutsideTools outside = new OutsideTools(
                egress,
                new McpEgress(egress, System::nanoTime),
                (namespace, name, key) -> catalog.secret(namespace, new KeyRef(name, key)));
        ModelDesk modelDesk = new ModelDesk(
                new ModelDesk.Asking(
                        models,
                        new Chain(Sleeper.SYSTEM, InstantSource.system(), System::nanoTime, random),
                        judge,
                        ReplyFeed.NONE),
                stores.calls(),
                stores.missions(),
                new ModelDesk.Time(System::nanoTime, Sleeper.SYSTEM));
        this.gateway = new Gateway(
                stores,
                modelDesk,
                new ToolDesk(outside, toolboxes, stores.steps(), System::nanoTime),
                settings,
                System::nanoTime);
        this.loop = new ReactLoop(clock, toolboxes, judge, random);
    }

    /** Throws {@link dev.tagma.mission.StoreUnavailableException} where Postgres does not answer. */
    static Engines onPostgres(DatabaseAddress address, Resources resources) {
        PostgresStore store =
                PostgresStore.open(DatabaseSettings.of(address.url(), address.user(), address.password()));
        GatewayStores stores = new GatewayStores(
                store.steps(),
                store.missions(),
                store.pools(),
                store.instances(),
                store.bindings(),
                store.calls(),
                store.hints());
        return new Engines(
                stores,
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
        return models;
    }

    /** One more runtime in this process. */
    RuntimeInstance runtime(Hello hello, RuntimeSettings settings) {
        return RuntimeInstance.start(gateway, hello, loop, clock, settings);
    }

    @Override
    public void close() {
        gateway.close();
        clients.close();
        clock.close();
        closeStores.run();
    }
}
