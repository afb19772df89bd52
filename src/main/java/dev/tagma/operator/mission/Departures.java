package dev.tagma.operator.mission;

import dev.tagma.api.v1alpha1.AgentPool;
import dev.tagma.api.v1alpha1.Mission;
import dev.tagma.catalog.Catalog;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.MissionStore;
import dev.tagma.operator.OperatorPorts;
import dev.tagma.rounds.Pace;
import dev.tagma.rounds.Rounds;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Forgets missions whose resource is gone: at once where the informer saw it go, and in slow rounds through the store where nobody was
 * there to see. What the rounds find missing is asked of the API server itself before it is believed. Rows of pools that this cluster
 * does not have, or of namespaces that are not watched, are somebody else's.
 */
final class Departures {
    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final Duration BREATH = Duration.ofMillis(20);
    private static final Duration BETWEEN_ROUNDS = Duration.ofMinutes(10);
    private static final int AT_ONCE = 200;
    private static final int PAGE = 200;
    private static final int PURGES = 20;
    private static final int RANDOM_UID = 4;
    private static final String DELETED = "its Mission was deleted";

    private final MissionStore missions;
    private final KubernetesClient client;
    private final Catalog catalog;
    private final MissionIndex index;
    private final Predicate<String> watched;
    private final InstantSource clock;
    private final Set<UUID> departed = ConcurrentHashMap.newKeySet();
    private final Rounds rounds;
    private long lastId;
    private Instant nextRound = Instant.MIN;

    /** @param watched whether the Missions of a namespace are this operator's */
    Departures(OperatorPorts ports, MissionIndex index, Predicate<String> watched, InstantSource clock) {
        this.missions = ports.missions();
        this.client = ports.client();
        this.catalog = ports.catalog();
        this.index = index;
        this.watched = watched;
        this.clock = clock;
        this.rounds = Rounds.each("mission-departures", new Pace(EVERY, BREATH), this::round, PassingTrouble::is);
    }

    void start() {
        rounds.start();
    }

    void stop() {
        rounds.cancel();
    }

    /** The resource of this UID is gone for good. */
    void gone(UUID uid) {
        departed.add(uid);
        rounds.hint();
    }

    void round() {
        while (!departed.isEmpty()) {
            List<UUID> some = departed.stream().limit(AT_ONCE).toList();
            missions.forget(some, DELETED);
            some.forEach(departed::remove);
        }
        if (!clock.instant().isBefore(nextRound)) {
            look();
        }
        int purges = 0;
        while (missions.purge() > 0 && purges < PURGES) {
            purges++;
        }
    }

    private void look() {
        List<MissionRecord> page = missions.after(lastId, PAGE);
        if (page.isEmpty()) {
            lastId = 0;
            nextRound = clock.instant().plus(BETWEEN_ROUNDS);
            return;
        }
        List<UUID> orphans = new ArrayList<>();
        for (MissionRecord row : page) {
            if (isMissing(row) && isOurs(row) && isGone(row)) {
                orphans.add(row.uid());
            }
        }
        missions.forget(orphans, DELETED);
        lastId = page.getLast().id();
    }

    /** UIDs that no API server made up are of runs without one. */
    private boolean isMissing(MissionRecord row) {
        return !index.contains(row.uid()) && row.uid().version() == RANDOM_UID;
    }

    private boolean isOurs(MissionRecord row) {
        return watched.test(row.namespace())
                && row.poolName() != null
                && catalog.pool(row.poolNamespace(), row.poolName())
                        .map(AgentPool::getMetadata)
                        .filter(pool -> pool.getUid().equals(row.pool().toString()))
                        .isPresent();
    }

    private boolean isGone(MissionRecord row) {
        Mission present = client.resources(Mission.class)
                .inNamespace(row.namespace())
                .withName(row.name())
                .get();
        return present == null
                || !RunIdentity.own(present).equals(row.uid())
                        && !RunIdentity.earlier(present)
                                .filter(row.uid()::equals)
                                .isPresent();
    }
}
