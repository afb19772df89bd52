package dev.tagma.operator.mission;

import dev.tagma.catalog.Catalog;
import dev.tagma.mission.Hints;
import dev.tagma.mission.MissionStore;
import dev.tagma.mission.PoolMissions;
import dev.tagma.mission.PoolRevisions;
import io.fabric8.kubernetes.client.KubernetesClient;

/**
 * What missions are reconciled with.
 *
 * @param warnings hears of what goes wrong with a mission
 */
public record MissionPorts(
        KubernetesClient client,
        Catalog catalog,
        MissionStore missions,
        PoolRevisions revisions,
        PoolMissions poolMissions,
        Hints hints,
        Warnings warnings) {}
