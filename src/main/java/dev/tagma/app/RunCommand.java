package dev.tagma.app;

import dev.tagma.api.v1alpha1.Mission;
import dev.tagma.api.v1alpha1.MissionSpec;
import dev.tagma.app.RunningSystem.Settings;
import dev.tagma.app.fleet.ClusterAddress;
import dev.tagma.app.fleet.ClusterFleet;
import dev.tagma.app.fleet.Fleet;
import dev.tagma.app.postgres.EmbeddedPostgres;
import dev.tagma.app.view.MissionProgress;
import dev.tagma.app.view.ProgressView;
import dev.tagma.app.view.Transitions;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.NewMission;
import dev.tagma.mission.Phase;
import dev.tagma.mission.Reason;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "run",
        description = "Run the missions of manifests to their end, in this process or on a cluster.",
        footer = {
            "",
            "Missions that a killed or interrupted run left unfinished go on from their last committed",
            "step; those that have ended stay ended. Ctrl-C (or SIGTERM) lets the calls in flight end and",
            "hands the rest back, a second one ends at once; a model call or tool whose outcome a crash left",
            "unknown is not repeated blindly.",
            "",
            "Exit codes: 0 every mission succeeded, 1 some did not, 2 wrong arguments or manifests,",
            "3 no database or no gateway, 130 after Ctrl-C, 143 after SIGTERM.",
            "",
            "  tagma run -f samples/triage",
            "  tagma run -f fleet.yaml --configmap factors=factors.csv -o json | jq '.items[].status.phase'",
            "  tagma run -f fleet.yaml --database postgresql://tagma@db.internal/tagma",
            "  tagma run -f missions.yaml --context production     apply to a cluster, follow to the end"
        })
final class RunCommand implements Callable<Integer> {
    private static final Duration LIVE_ROUND = Duration.ofMillis(100);
    private static final Duration PLAIN_ROUND = Duration.ofMillis(200);
    /** A round asks the gateway for the steps of each mission that is shown. */
    private static final Duration CLUSTER_ROUND = Duration.ofMillis(500);

    private static final Duration DRAIN_PATIENCE = Duration.ofSeconds(20);
    private static final Duration NO_LIMIT = Duration.ofDays(36_500);
    private static final int BELOW_THE_BLOCK = 2;

    @Mixin
    ManifestOptions manifests = new ManifestOptions();

    @Mixin
    FleetOptions where = new FleetOptions();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORM",
            defaultValue = "table",
            description = "what is written to standard output at the end: ${COMPLETION-CANDIDATES}")
    ResultOutput.Format output = ResultOutput.Format.table;

    @Option(
            names = "--progress",
            paramLabel = "HOW",
            description =
                    "what is shown meanwhile on standard error: live (default in a terminal), plain (default elsewhere: a line per transition), steps (and per step), none")
    Progress progress;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            description = "longest time to wait, such as 10m; what is unfinished then is handed back")
    Duration timeout;

    @Option(
            names = "--replicas",
            paramLabel = "N",
            description = "runtime instances of each pool, in place of its spec.replicas")
    Integer replicas;

    @Option(names = "--no-color", description = "no colours, as with NO_COLOR")
    boolean noColor;

    private final Console console;
    private final Program program;
    private final Clock clock;
    private final Stop stop;

    RunCommand(Console console, Program program, Clock clock, Stop stop) {
        this.console = console;
        this.program = program;
        this.clock = clock;
        this.stop = stop;
    }

    /** What is shown while missions run. */
    enum Progress {
        live,
        plain,
        steps,
        none
    }

    @Override
    public Integer call() {
        if (replicas != null && (replicas < 1 || replicas > 100)) {
            throw new CommandException(ExitCode.Invalid, "--replicas must be 1 to 100, not " + replicas);
        }
        ManifestSource.Reading reading = manifests.read(program.manifests(), console);
        Resources resources = reading.resources();
        if (resources.missions().isEmpty()) {
            throw new CommandException(
                    ExitCode.Invalid, "no Mission in " + manifests.files + ": there is nothing to run");
        }
        stop.heed();
        Optional<ClusterAddress> cluster = where.cluster(console);
        if (cluster.isPresent()) {
            return run(cluster.get(), reading);
        }
        RealModel real = RealModel.of(console);
        Resources effective = real == null ? resources : real.in(resources);
        DatabaseAddress named = where.store.named(console);
        if (named != null) {
            return run(new Settings(named, effective, replicas), reading);
        }
        try (EmbeddedPostgres postgres =
                EmbeddedPostgres.own(where.store.directory(console), StoreOptions.cache(console), "run")) {
            return run(new Settings(postgres.address(), effective, replicas), reading);
        }
    }

    private int run(Settings settings, ManifestSource.Reading reading) {
        try (RunningSystem system = program.starter().start(settings)) {
            List<NewMission> prepared = system.prepare();
            refuseChanges(system, settings.resources().missions(), prepared);
            List<MissionRecord> admitted = system.submit(prepared);
            order(system, settings.resources().missions());
            return follow(
                    new StoreFleet(system.missions(), system.steps()),
                    admitted,
                    how() == Progress.live ? LIVE_ROUND : PLAIN_ROUND,
                    end -> drain(system, end));
        } catch (RunningSystem.UnresolvedException e) {
            throw new CommandException(
                    ExitCode.Invalid,
                    e.problems().stream().map(reading::located).toList());
        }
    }

    private int run(ClusterAddress cluster, ManifestSource.Reading reading) {
        if (replicas != null) {
            throw new CommandException(
                    ExitCode.Invalid,
                    "--replicas is for runs in this process: a pool on a cluster is scaled with `kubectl scale agentpool`");
        }
        try (ClusterFleet fleet = program.clusters().open(cluster)) {
            List<MissionRecord> applied = fleet.apply(reading.written());
            return follow(
                    fleet,
                    applied,
                    CLUSTER_ROUND,
                    end -> console.err()
                            .println((end == MissionWatch.End.Stopped ? "interrupted" : "the time of --timeout is up")
                                    + ": the missions go on on the cluster"));
        }
    }

    private int follow(Fleet fleet, List<MissionRecord> admitted, Duration pause, Consumer<MissionWatch.End> leave) {
        MissionWatch watch = new MissionWatch(fleet, shown(), clock);
        MissionWatch.End end = watch.follow(admitted, stop, pause, timeout == null ? NO_LIMIT : timeout);
        if (end != MissionWatch.End.Settled) {
            leave.accept(end);
            watch.refresh();
        }
        Collection<MissionProgress> missions = watch.missions();
        new ResultOutput(fleet::document, console.out(), console.lineWidth()).list(output, missions, clock.instant());
        return verdict(missions, end).code();
    }

    /** A mission that was admitted is what it is: an edited manifest is refused rather than ignored. */
    private void refuseChanges(RunningSystem system, List<Mission> manifests, List<NewMission> prepared) {
        SpecChange change = new SpecChange(Json.MAPPER);
        List<String> problems = new ArrayList<>();
        for (int i = 0; i < prepared.size(); i++) {
            Optional<MissionSpec> admitted =
                    system.missions().spec(prepared.get(i).uid());
            if (admitted.isEmpty()) {
                continue;
            }
            List<String> fields = change.between(manifests.get(i).getSpec(), admitted.get());
            if (!fields.isEmpty()) {
                problems.add(
                        "mission " + prepared.get(i).namespace() + "/"
                                + prepared.get(i).name() + ": "
                                + String.join(", ", fields)
                                + " changed since it was first run, and a mission never changes: give the new one another name, or another --data DIR");
            }
        }
        if (!problems.isEmpty()) {
            throw new CommandException(ExitCode.Invalid, problems);
        }
    }

    /** What a manifest of a known mission may still say: cancel, suspend, or go on. */
    private static void order(RunningSystem system, List<Mission> manifests) {
        for (Mission manifest : manifests) {
            UUID uid = UUID.fromString(manifest.getMetadata().getUid());
            if (Boolean.TRUE.equals(manifest.getSpec().cancel())) {
                system.missions().cancel(uid, "spec.cancel");
            } else if (Boolean.TRUE.equals(manifest.getSpec().suspend())) {
                system.missions().suspend(uid);
            }
        }
    }

    private Progress how() {
        return progress != null ? progress : console.live() ? Progress.live : Progress.plain;
    }

    private ProgressOutput shown() {
        return switch (how()) {
            case live ->
                new ProgressOutput.Live(
                        console.err(),
                        new ProgressView(
                                Math.max(console.rows(), 24) - BELOW_THE_BLOCK,
                                Math.max(console.columns(), 40),
                                console.colors(noColor)));
            case plain -> new ProgressOutput.Lines(console.err(), new Transitions(ZoneId.systemDefault()), false);
            case steps -> new ProgressOutput.Lines(console.err(), new Transitions(ZoneId.systemDefault()), true);
            case none -> new ProgressOutput.Quiet(console.err());
        };
    }

    private void drain(RunningSystem system, MissionWatch.End end) {
        console.err()
                .println((end == MissionWatch.End.Stopped ? "interrupted" : "the time of --timeout is up")
                        + ": the calls in flight end, then missions are handed back"
                        + (end == MissionWatch.End.Stopped ? " (Ctrl-C again ends at once)" : ""));
        if (!system.drain(DRAIN_PATIENCE)) {
            console.err()
                    .println(
                            "some calls did not end in " + DRAIN_PATIENCE.toSeconds()
                                    + " s: they are made again at the next start, or reported as unknown where that could do harm");
        }
    }

    private String waits(MissionProgress mission) {
        MissionRecord row = mission.record();
        String whose = " mission/" + row.name()
                + (row.namespace().equals(MissionArgument.DEFAULT_NAMESPACE) ? "" : " -n " + row.namespace())
                + where.repeated();
        String order = row.reason() == Reason.OutcomeUnknown
                ? "tagma resolve" + whose + " --done TEXT, or --not-done TEXT"
                : "tagma resume" + whose;
        return mission.name() + " waits for you (" + row.reason() + "): " + order + ", then run it again";
    }

    private ExitCode verdict(Collection<MissionProgress> missions, MissionWatch.End end) {
        long open = missions.stream().filter(m -> !m.phase().terminal()).count();
        if (end != MissionWatch.End.Settled && open > 0) {
            console.err()
                    .println("not finished: " + open + " of " + missions.size()
                            + "; the same command goes on with them");
        }
        missions.stream()
                .filter(m -> !m.phase().terminal())
                .filter(m ->
                        m.record().reason() == Reason.Suspended || m.record().reason() == Reason.OutcomeUnknown)
                .forEach(m -> console.err().println(waits(m)));
        if (end == MissionWatch.End.Stopped) {
            return ExitCode.Interrupted;
        }
        return missions.stream().allMatch(m -> m.phase() == Phase.Succeeded) ? ExitCode.Done : ExitCode.NotSucceeded;
    }
}
