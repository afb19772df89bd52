package dev.tagma.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tagma.api.v1alpha1.AgentPoolSpec;
import dev.tagma.api.v1alpha1.Mission;
import dev.tagma.api.v1alpha1.MissionSpec;
import dev.tagma.dispatch.Bindings.Binding;
import dev.tagma.mission.Append;
import dev.tagma.mission.Head;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.MissionStore;
import dev.tagma.mission.NewMission;
import dev.tagma.mission.NewStep;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.StepLog;
import dev.tagma.mission.Usage;
import dev.tagma.mission.link.Hello;
import dev.tagma.mission.step.StepContent;
import dev.tagma.store.memory.InMemoryStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/** A system whose missions end as they are told, on an in-memory store that outlives it. */
final class FakeSystem implements RunningSystem {
    static final UUID POOL = UUID.fromString("00000000-0000-4000-8000-000000000001");

    private static final AgentPoolSpec POOL_SPEC = new JsonMapper().convertValue(Map.of(), AgentPoolSpec.class);

    private final InMemoryStore store;
    private final Resources resources;
    private final Function<String, Outcome> ends;
    private final List<String> log;

    /** {@code ends} says by name how a mission ends; null leaves it running. */
    FakeSystem(InMemoryStore store, Resources resources, Function<String, Outcome> ends, List<String> log) {
        this.store = store;
        this.resources = resources;
        this.ends = ends;
        this.log = log;
    }

    static Mission mission(String name, String spec) {
        try {
            Mission mission = new Mission();
            mission.getMetadata().setNamespace("default");
            mission.getMetadata().setName(name);
            mission.getMetadata()
                    .setUid(ResourceUid.of("Mission", "default", name).toString());
            String whole = spec.replaceFirst("}$", ",\"timeout\":\"5m\",\"maxIterations\":10}");
            mission.setSpec(new JsonMapper().readValue(whole, MissionSpec.class));
            return mission;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(spec, e);
        }
    }

    static Resources resources(Mission... missions) {
        return new Resources(List.of(), List.of(), List.of(missions), List.of(), List.of(), List.of());
    }

    @Override
    public List<NewMission> prepare() {
        return resources.missions().stream()
                .map(m -> new NewMission(
                        UUID.fromString(m.getMetadata().getUid()),
                        m.getMetadata().getNamespace(),
                        m.getMetadata().getName(),
                        POOL,
                        m.getSpec()))
                .toList();
    }

    @Override
    public List<MissionRecord> submit(List<NewMission> missions) {
        // an empty pool is enough: what it would say is played here
        store.pools().publish(POOL, "default", "pool", POOL_SPEC, Map.of());
        List<MissionRecord> admitted = store.missions().admit(missions);
        work();
        return admitted;
    }

    private void work() {
        long instance = store.instances().register(new Hello(POOL, "fake", 100, "test"), Duration.ofHours(1));
        for (Binding binding : store.bindings().bind(instance, 100)) {
            log.add("ran " + binding.name());
            Outcome outcome = ends.apply(binding.name());
            if (outcome != null) {
                Head base = Head.genesis(binding.claim().uid());
                StepContent.ModelReply reply = new StepContent.ModelReply(
                        "said by " + binding.name(),
                        new ArrayList<>(),
                        "primary",
                        100,
                        10,
                        1000,
                        StepContent.ModelReply.Stop.Answer,
                        List.of());
                store.steps()
                        .commit(new Append(
                                binding.claim(),
                                base,
                                List.of(NewStep.of(reply, new Usage(1, 1, 0, 100, 10, 1000))),
                                outcome));
            }
        }
    }

    @Override
    public MissionStore missions() {
        return store.missions();
    }

    @Override
    public StepLog steps() {
        return store.steps();
    }

    @Override
    public boolean drain(Duration patience) {
        log.add("drained");
        return true;
    }

    @Override
    public void close() {
        log.add("closed");
    }
}
