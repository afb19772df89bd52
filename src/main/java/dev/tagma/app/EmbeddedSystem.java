package dev.tagma.app;

import dev.tagma.agent.tool.ToolChecks;
import dev.tagma.api.v1alpha1.AgentPool;
import dev.tagma.api.v1alpha1.AgentPoolSpec;
import dev.tagma.api.v1alpha1.Mission;
import dev.tagma.catalog.Catalog;
import dev.tagma.catalog.MissionResolver;
import dev.tagma.catalog.PoolContent;
import dev.tagma.gateway.egress.OutsideTools;
import dev.tagma.mission.Admission.Verdict;
import dev.tagma.mission.Hints.Topic;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.MissionStore;
import dev.tagma.mission.NewMission;
import dev.tagma.mission.PoolRevision;
import dev.tagma.mission.StepLog;
import dev.tagma.mission.link.Hello;
import dev.tagma.runtime.RuntimeInstance;
import dev.tagma.runtime.RuntimeSettings;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Stream;

/** The whole of Tagma in one process: the same engines as on a cluster, joined by the ports over which gRPC goes there. */
public final class EmbeddedSystem implements RunningSystem {
    /** Missions that an instance runs at a time where the pool does not say. */
    static final int DEFAULT_MISSIONS_PER_POD = 50;

    private static final int ADMIT_AT_ONCE = 500;

    private final Resources resources;
    private final Integer replicas;
    private final Catalog catalog;
    private final Engines engines;
    private final List<RuntimeInstance> runtimes = new ArrayList<>();

    EmbeddedSystem(Resources resources, Integer replicas, Engines engines) {
        this.resources = resources;
        this.replicas = replicas;
        this.catalog = engines.catalog();
        this.engines = engines;
    }

    /** Connects to Postgres, migrates it and wires the engines; a {@link RunningSystem.Starter}. */
    public static RunningSystem start(Settings settings) {
        return new EmbeddedSystem(
                settings.resources(),
                settings.replicas(),
                Engines.onPostgres(settings.database(), settings.resources()));
    }

    @Override
    public List<NewMission> prepare() {
        List<String> problems = new ArrayList<>();
        resources.pools().forEach(pool -> problems.addAll(problems(pool)));
        MissionResolver resolver = new MissionResolver(catalog);
        List<NewMission> missions = new ArrayList<>();
        for (Mission mission : resources.missions()) {
            switch (resolver.decide(mission)) {
                case Verdict.Admitted admitted -> missions.add(admitted.mission());
                case Verdict.Pending(var reason, var message) ->
                    problems.add(name(mission) + ": " + reason + ": " + message);
                case Verdict.Refused(var reason, var message) ->
                    problems.add(name(mission) + ": " + reason + ": " + message);
            }
        }
        if (!problems.isEmpty()) {
            throw new UnresolvedException(problems);
        }
        return missions;
    }

    private List<String> problems(AgentPool pool) {
        List<String> problems = new ArrayList<>();
        PoolContent content = PoolContent.of(pool, catalog);
        content.missing()
                .forEach(missing -> problems.add(name(pool) + ": " + missing.field() + " names the ConfigMap key "
                        + PoolRevision.contentKey(missing.ref())
                        + ", which " + catalog.absence()));
        if (problems.isEmpty()) {
            PoolRevision revision = new PoolRevision(
                    uid(pool), 0, namespace(pool), pool.getMetadata().getName(), pool.getSpec(), content.texts());
            Stream.concat(ToolChecks.check(revision).stream(), OutsideTools.check(tools(pool)).stream())
                    .forEach(problem -> problems.add(name(pool) + ": " + problem.field() + ": " + problem.message()));
            engines.models().problems(revision).forEach(problem -> problems.add(name(pool) + ": " + problem));
        }
        return problems;
    }

    private static List<AgentPoolSpec.Tool> tools(AgentPool pool) {
        return pool.getSpec().tools() == null ? List.of() : pool.getSpec().tools();
    }

    @Override
    public List<MissionRecord> submit(List<NewMission> missions) {
        for (AgentPool pool : resources.pools()) {
            engines.stores()
                    .pools()
                    .publish(
                            uid(pool),
                            namespace(pool),
                            pool.getMetadata().getName(),
                            pool.getSpec(),
                            PoolContent.of(pool, catalog).texts());
        }
        if (runtimes.isEmpty()) {
            resources.pools().forEach(this::startRuntimes);
        }
        List<MissionRecord> admitted = new ArrayList<>(missions.size());
        for (int from = 0; from < missions.size(); from += ADMIT_AT_ONCE) {
            List<NewMission> some = missions.subList(from, Math.min(missions.size(), from + ADMIT_AT_ONCE));
            admitted.addAll(engines.stores().missions().admit(some));
            some.stream()
                    .map(mission -> mission.pool().toString())
                    .distinct()
                    .forEach(pool -> engines.stores().hints().changed(Topic.Queue, pool));
        }
        return admitted;
    }

    private void startRuntimes(AgentPool pool) {
        AgentPoolSpec spec = pool.getSpec();
        int wanted = replicas != null ? replicas : spec.replicas() != null ? spec.replicas() : 1;
        int slots = spec.runtime() == null || spec.runtime().missionsPerPod() == null
                ? DEFAULT_MISSIONS_PER_POD
                : spec.runtime().missionsPerPod();
        for (int i = 0; i < wanted; i++) {
            String pod =
                    pool.getMetadata().getName() + "-" + ProcessHandle.current().pid() + "-" + i;
            runtimes.add(engines.runtime(new Hello(uid(pool), pod, slots, Version.current()), RuntimeSettings.DEFAULT));
        }
    }

    @Override
    public MissionStore missions() {
        return engines.stores().missions();
    }

    @Override
    public StepLog steps() {
        return engines.stores().steps();
    }

    @Override
    public boolean drain(Duration patience) {
        long begun = System.nanoTime();
        runtimes.forEach(RuntimeInstance::drain);
        runtimes.forEach(RuntimeInstance::close);
        return System.nanoTime() - begun < patience.toNanos();
    }

    @Override
    public void close() {
        runtimes.forEach(RuntimeInstance::stop);
        runtimes.clear();
        engines.close();
    }

    private static UUID uid(HasMetadata resource) {
        return UUID.fromString(resource.getMetadata().getUid());
    }

    private static String namespace(HasMetadata resource) {
        return resource.getMetadata().getNamespace();
    }

    private static String name(HasMetadata resource) {
        return resource.getKind().toLowerCase(Locale.ROOT) + " " + namespace(resource) + "/"
                + resource.getMetadata().getName();
    }
}
