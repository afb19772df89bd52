package dev.tagma.operator.mission;

import dev.tagma.api.v1alpha1.AgentPool;
import dev.tagma.api.v1alpha1.Mission;
import dev.tagma.catalog.Catalog;
import dev.tagma.catalog.CatalogUnavailableException;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.MissionStore;
import dev.tagma.operator.OperatorPorts;
import dev.tagma.rounds.Pace;
import dev.tagma.rounds.Rounds;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
    private static final Duration AFTER_TROUBLE = Duration.ofSeconds(30);
    private static final int AT_ONCE = 200;
    private static final int PAGE = 200;
    private static final int PURGES = 20;
    private static final int RANDOM_UID = 4;
    private static final String DELETED = "its Mission was deleted";

    private static final Logger LOG = System.getLogger(Departures.class.getName());

    private final MissionStore missions;
    private final MissionIndex index;
    private final Declared declared;
    private final InstantSource clock;
    private final Set<UUID> departed = ConcurrentHashMap.newKeySet();
    private final Rounds rounds;
    private long lastId;
    private Instant nextRound = Instant.MIN;
    private boolean undecided;

    /** What is declared, as far as it is this operator's. */
    interface Declared {
        /** Whether the Missions of a namespace are this operator's. */
        boolean watches(String namespace);

        /** The pool of this name, as {@link Catalog} tells it. */
        Optional<AgentPool> pool(String namespace, String name);

        /** The Mission of this name as the API server has it now, or null. Throws KubernetesClientException where it does not say. */
        Mission mission(String namespace, String name);
    }

    Departures(MissionStore missions, MissionIndex index, Declared declared, InstantSource clock) {
        this.missions = missions;
        this.index = index;
        this.declared = declared;
        this.clock = clock;
        this.rounds = Rounds.each("mission-departures", new Pace(EVERY, BREATH), this::round, PassingTrouble::is);
    }

    /** @param watched whether the Missions of a namespace are this operator's */
    static Declared on(OperatorPorts ports, Predicate<String> watched) {
        return new Declared() {
            @Override
            public boolean watches(String namespace) {
                return watched.test(namespace);
            }

            @Override
            public Optional<AgentPool> pool(String namespace, String name) {
                return ports.catalog().pool(namespace, name);
            }

            @Override
            public Mission mission(String namespace, String name) {
                return ports.client()
                        .resources(Mission.class)
                        .inNamespace(namespace)
                        .withName(name)
                        .get();
            }
        };
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
        int purges = 0;
        while (missions.purge() > 0 && purges < PURGES) {
            purges++;
        }
        if (!clock.instant().isBefore(nextRound)) {
            look();
        }
    }

    private void look() {
        List<MissionRecord> page = missions.after(lastId, PAGE);
        if (page.isEmpty()) {
            lastId = 0;
            nextRound = clock.instant().plus(undecided ? AFTER_TROUBLE : BETWEEN_ROUNDS);
            undecided = false;
            return;
        }
        List<UUID> orphans = new ArrayList<>();
        for (MissionRecord row : page) {
            if (isMissing(row) && isOrphan(row)) {
                orphans.add(row.uid());
            }
        }
        missions.forget(orphans, DELETED);
        lastId = page.getLast().id();
    }

    /** One that cannot be told at the moment, because of its pool perhaps, keeps nobody from the others. */
    private boolean isOrphan(MissionRecord row) {
        try {
            return isOurs(row) && isGone(row);
        } catch (CatalogUnavailableException | KubernetesClientException e) {
            if (e instanceof KubernetesClientException trouble && !isRefusal(trouble)) {
                throw e;
            }
            if (!undecided) {
                LOG.log(
                        Level.WARNING,
                        "whether the Mission of run {0} was deleted cannot be told now, nor perhaps of others: {1}",
                        row.uid(),
                        e.getMessage());
            }
            undecided = true;
            return false;
        }
    }

    /** Asked again, it would say the same. */
    private static boolean isRefusal(KubernetesClientException trouble) {
        return trouble.getCode() == HttpURLConnection.HTTP_FORBIDDEN
                || trouble.getCode() == HttpURLConnection.HTTP_UNAUTHORIZED;
    }

    /** UIDs that no API server made up are of runs without one. */
    private boolean isMissing(MissionRecord row) {
        return !index.contains(row.uid()) && row.uid().version() == RANDOM_UID;
    }

    private boolean isOurs(MissionRecord row) {
        return declared.watches(row.namespace())
                && row.poolName() != null
                && declared.pool(row.poolNamespace(), row.poolName())
                        .map(AgentPool::getMetadata)
                        .filter(pool -> pool.getUid().equals(row.pool().toString()))
                        .isPresent();
    }

    private boolean isGone(MissionRecord row) {
        Mission present = declared.mission(row.namespace(), row.name());
        return present == null
                || !RunIdentity.own(present).equals(row.uid())
                        && !RunIdentity.earlier(present)
                                .filter(row.uid()::equals)
                                .isPresent();
    }
}
