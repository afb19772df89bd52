package dev.tagma.gateway;

import dev.tagma.dispatch.Bindings;
import dev.tagma.mission.Hints;
import dev.tagma.mission.MissionStore;
import dev.tagma.mission.PoolRevisions;
import dev.tagma.mission.StepLog;
import dev.tagma.model.ModelCalls;
import dev.tagma.registry.InstanceRegistry;

/** The ports of the store that a gateway needs. */
public record GatewayStores(
        StepLog steps,
        MissionStore missions,
        PoolRevisions pools,
        InstanceRegistry instances,
        Bindings bindings,
        ModelCalls calls,
        Hints hints) {}
