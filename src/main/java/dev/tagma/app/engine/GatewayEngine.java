package dev.tagma.app.engine;

import dev.tagma.agent.AnswerJudge;
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
import dev.tagma.model.Chain;
import dev.tagma.model.Sleeper;
import dev.tagma.model.provider.ModelClients;
import dev.tagma.store.PostgresStore;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/** One gateway with all that it needs, over a store and a catalog that belong to the caller. */
public final class GatewayEngine implements AutoCloseable {
    private final ModelClients clients;
    private final CatalogModels models;
    private final Gateway gateway;

    /**
     * What is not the gateway's own.
     *
     * @param replies is told what models write
     */
    public record Surroundings(Catalog catalog, Toolboxes toolboxes, ReplyFeed replies) {}

    /** Its loops run from now on. */
    public GatewayEngine(GatewayStores stores, Surroundings surroundings, GatewaySettings settings) {
        Catalog catalog = surroundings.catalog();
        RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
        this.clients = new ModelClients(Sleeper.SYSTEM, random, InstantSource.system());
        this.models = new CatalogModels(catalog, clients);
        HttpEgress egress = new HttpEgress(Resolver.SYSTEM, settings.neighbours(), new AuditLog(), System::nanoTime);
        OutsideTools outside = new OutsideTools(
                egress,
                new McpEgress(egress, System::nanoTime),
                (namespace, name, key) -> catalog.secret(namespace, new KeyRef(name, key)));
        ModelDesk modelDesk = new ModelDesk(
                new ModelDesk.Asking(
                        models,
                        new Chain(Sleeper.SYSTEM, InstantSource.system(), System::nanoTime, random),
                        new AnswerJudge(),
                        surroundings.replies()),
                stores.calls(),
                stores.missions(),
                new ModelDesk.Time(System::nanoTime, Sleeper.SYSTEM));
        this.gateway = new Gateway(
                stores,
                modelDesk,
                new ToolDesk(outside, surroundings.toolboxes(), stores.steps(), System::nanoTime),
                settings,
                System::nanoTime);
    }

    /** What a gateway needs of a Postgres. */
    public static GatewayStores stores(PostgresStore store) {
        return new GatewayStores(
                store.steps(),
                store.missions(),
                store.pools(),
                store.instances(),
                store.bindings(),
                store.calls(),
                store.hints());
    }

    /** The gateway. */
    public Gateway gateway() {
        return gateway;
    }

    /** The chains of models that it calls. */
    public CatalogModels models() {
        return models;
    }

    @Override
    public void close() {
        gateway.close();
        clients.close();
    }
}
