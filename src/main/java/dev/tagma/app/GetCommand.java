package dev.tagma.app;

import dev.tagma.app.view.MissionProgress;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.Phase;
import dev.tagma.mission.Step;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "get", description = "Show missions, or one mission.")
final class GetCommand implements Callable<Integer> {
    @Parameters(index = "0", arity = "0..1", paramLabel = "missions|mission/NAME", description = "which; default all")
    String what = "missions";

    @Mixin
    StoreOptions store = new StoreOptions();

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NS",
            description = "only of this namespace (of one mission: default)")
    String namespace;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORM",
            defaultValue = "table",
            description = "${COMPLETION-CANDIDATES}")
    ResultOutput.Format output = ResultOutput.Format.table;

    private final Console console;
    private final Stores stores;
    private final Clock clock;

    GetCommand(Console console, Stores stores, Clock clock) {
        this.console = console;
        this.stores = stores;
        this.clock = clock;
    }

    @Override
    public Integer call() {
        return stores.with(store, this::show);
    }

    private int show(OpenStore open) {
        ResultOutput result = new ResultOutput(open.missions()::spec, console.out(), console.lineWidth());
        MissionFinder finder = new MissionFinder(open.missions());
        if (!what.matches("missions?/?")) {
            MissionRecord row = finder.named(what, namespace == null ? "default" : namespace);
            result.single(output, upToDate(open, row), clock.instant());
            return ExitCode.Done.code();
        }
        List<MissionProgress> missions = finder.all().stream()
                .filter(row -> namespace == null || row.namespace().equals(namespace))
                .map(row -> upToDate(open, row))
                .toList();
        if (missions.isEmpty()) {
            console.err().println(namespace == null ? "no missions" : "no missions in namespace " + namespace);
        }
        result.list(output, missions, clock.instant());
        return ExitCode.Done.code();
    }

    /** The row says what was at the last transition; of a mission that runs the steps know more. */
    private static MissionProgress upToDate(OpenStore open, MissionRecord row) {
        MissionProgress progress = MissionProgress.of(row);
        if (row.phase() == Phase.Running) {
            for (Step step : open.steps().tail(row.id()).steps()) {
                progress = progress.with(step);
            }
        }
        return progress;
    }
}
