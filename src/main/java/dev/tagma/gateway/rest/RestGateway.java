package dev.tagma.gateway.rest;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tagma.gateway.rest.event.EventDesk;
import dev.tagma.gateway.rest.event.MissionEvent;
import dev.tagma.gateway.rest.http.Bodies;
import dev.tagma.gateway.rest.http.Door;
import dev.tagma.gateway.rest.http.Permits;
import dev.tagma.gateway.rest.http.RestLimits;
import dev.tagma.gateway.rest.resource.ApiServer;
import dev.tagma.gateway.rest.resource.DeclarationDesk;
import dev.tagma.gateway.rest.resource.MissionDesk;
import dev.tagma.gateway.rest.resource.MissionIndex;
import dev.tagma.gateway.rest.resource.Runs;
import dev.tagma.gateway.rest.resource.StepDesk;
import java.util.List;

/** REST of one replica: what its resources answer from, and what runs behind them. */
public final class RestGateway implements AutoCloseable {
    private final Door door;
    private final MissionIndex index;
    private final MissionDesk missions;
    private final StepDesk steps;
    private final DeclarationDesk declarations;
    private final EventDesk events;

    private RestGateway(RestPorts ports, RestLimits limits) {
        JsonMapper json = Bodies.mapper();
        ApiServer server = new ApiServer(ports.kubernetes(), json);
        Permits permits = new Permits(ports.authorizer());
        this.door = new Door(ports.authenticator(), limits, System::nanoTime);
        this.index = new MissionIndex(ports.kubernetes(), ports.namespaces());
        this.missions = new MissionDesk(permits, server, index, new Bodies(json, limits.bodyBytes()));
        Runs runs = new Runs(server, ports.stores().missions());
        this.steps = new StepDesk(permits, runs, ports.stores().steps(), json);
        this.declarations = new DeclarationDesk(permits, server);
        this.events = new EventDesk(
                ports.authenticator(),
                permits,
                new EventDesk.Sources(
                        runs,
                        index,
                        ports.stores().missions(),
                        ports.stores().steps(),
                        ports.stores().hints(),
                        ports.replies()),
                limits);
    }

    /** Begins to watch missions; answers at once, and is ready later. */
    public static RestGateway start(RestPorts ports, RestLimits limits) {
        RestGateway gateway = new RestGateway(ports, limits);
        gateway.index.start();
        return gateway;
    }

    Door door() {
        return door;
    }

    MissionDesk missions() {
        return missions;
    }

    StepDesk steps() {
        return steps;
    }

    DeclarationDesk declarations() {
        return declarations;
    }

    EventDesk events() {
        return events;
    }

    /** Streams of events that are open. */
    public int streams() {
        return events.open();
    }

    /** Events of this name that were sent. */
    public long told(MissionEvent.Type type) {
        return events.told(type);
    }

    /** Missions that it can list. */
    public int listed() {
        return index.count();
    }

    /**
     * What keeps this replica from answering, in words; empty where nothing does. It asks nobody: a probe that waits for a database that
     * is away would be late, and whether it is away is known from what else the gateway asks it.
     */
    public List<String> troubles() {
        return index.synced() ? List.of() : List.of("the missions of the API server are not listed yet");
    }

    /** Ends the streams, which tell their listeners to come back, and the watch. */
    @Override
    public void close() {
        events.close();
        index.close();
    }
}
