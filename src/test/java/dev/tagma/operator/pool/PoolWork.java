package dev.tagma.operator.pool;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tagma.api.v1alpha1.MissionSpec;
import dev.tagma.dispatch.Bindings.Binding;
import dev.tagma.mission.Append;
import dev.tagma.mission.Head;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.NewMission;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.link.Hello;
import dev.tagma.store.memory.InMemoryStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** The missions of one pool, which the test admits and serves itself. They are of no resource, so that nobody else cares for them. */
final class PoolWork {
    private static final Duration LEASE = Duration.ofHours(1);
    private static final MissionSpec SPEC = new JsonMapper()
            .convertValue(Map.of("goal", "go", "timeout", "5m", "maxIterations", 10), MissionSpec.class);

    private final InMemoryStore store;
    private final UUID pool;
    private final AtomicLong numbers = new AtomicLong();

    PoolWork(InMemoryStore store, UUID pool) {
        this.store = store;
        this.pool = pool;
    }

    /** Admits a mission that nobody serves yet. */
    UUID queue() {
        UUID uid = new UUID(pool.getLeastSignificantBits(), numbers.incrementAndGet());
        store.missions().admit(List.of(new NewMission(uid, "elsewhere", "m" + uid, pool, SPEC)));
        return uid;
    }

    /** The runtime of this pod dials in. */
    long runtime(String pod) {
        return store.instances().register(new Hello(pool, pod, 100, "test"), LEASE);
    }

    /** The runtime takes so many missions, which are admitted for it. */
    List<Binding> start(long runtime, int missions) {
        for (int i = 0; i < missions; i++) {
            queue();
        }
        return store.bindings().bind(runtime, missions);
    }

    void finish(Binding binding) {
        Head genesis = Head.genesis(binding.claim().uid());
        store.steps().commit(new Append(binding.claim(), genesis, List.of(), Outcome.succeeded("done", null)));
    }

    MissionRecord row(UUID mission) {
        return store.missions().find(mission).orElseThrow();
    }

    boolean known(UUID mission) {
        return store.missions().find(mission).isPresent();
    }
}
