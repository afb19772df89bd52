package dev.tagma.gateway.rest;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.function.LongSupplier;

/** REST of one replica: what its resources answer from, and what runs behind them. */
public final class RestGateway implements AutoCloseable {
    private final Door door;
    private final MissionIndex index;
    private final MissionDesk missions;
    private final StepDesk steps;
    private final DeclarationDesk declarations;
    private final EventDesk events;
    private final RestReadiness readiness;

    private RestGateway(RestPorts ports, RestLimits limits, LongSupplier nanos) {
        JsonMapper json = Bodies.mapper();
        ApiServer server = new ApiServer(ports.kubernetes(), json);
        Permits permits = new Permits(ports.authorizer());
        this.door = new Door(ports.authenticator(), new RateLimits(limits, nanos));
        this.index = new MissionIndex(ports.kubernetes(), ports.namespaces());
        this.missions = new MissionDesk(permits, server, index, new Bodies(json, limits.bodyBytes()));
        Runs runs = new Runs(server, ports.stores().missions());
        this.steps = new StepDesk(permits, runs, ports.stores().steps(), json);
        this.declarations = new DeclarationDesk(permits, server);
        this.events = new EventDesk(permits, runs, index, ports, limits);
        this.readiness = new RestReadiness(index);
    }

    /** Begins to watch missions; answers at once, and is ready later. */
    public static RestGateway start(RestPorts ports, RestLimits limits) {
        RestGateway gateway = new RestGateway(ports, limits, System::nanoTime);
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

    /** Missions that it can list. */
    public int listed() {
        return index.items().size();
    }

    /** What keeps this replica from answering, in words; empty where nothing does. Asks nobody. */
    public List<String> troubles() {
        return readiness.troubles();
    }

    /** Ends the streams, which tell their listeners to come back, and the watch. */
    @Override
    public void close() {
        events.close();
        index.close();
    }
}
