package dev.tagma.operator;

import dev.tagma.catalog.Catalog;
import dev.tagma.catalog.CatalogChanges;
import dev.tagma.mission.Hints;
import dev.tagma.mission.MissionStore;
import dev.tagma.mission.PoolMissions;
import dev.tagma.mission.PoolRevisions;
import dev.tagma.registry.InstanceRegistry;
import io.fabric8.kubernetes.client.KubernetesClient;

/** What the operator stands on: the API server on one side, the store on the other. It closes none of them. */
public record OperatorPorts(
        KubernetesClient client,
        Catalog catalog,
        CatalogChanges changes,
        MissionStore missions,
        PoolRevisions revisions,
        PoolMissions poolMissions,
        InstanceRegistry instances,
        Hints hints) {}
