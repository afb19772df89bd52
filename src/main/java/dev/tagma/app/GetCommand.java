package dev.tagma.app;

import dev.tagma.app.fleet.Fleet;
import dev.tagma.app.view.MissionProgress;
import dev.tagma.mission.MissionRecord;
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
    FleetOptions where = new FleetOptions();

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NS",
            description = "only of this namespace (of one mission: default; on a cluster, that of the context)")
    String namespace;

    @Option(
            names = {"-A", "--all-namespaces"},
            description = "of every namespace (the default but on a cluster)")
    boolean everywhere;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORM",
            defaultValue = "table",
            description = "${COMPLETION-CANDIDATES}")
    ResultOutput.Format output = ResultOutput.Format.table;

    private final Console console;
    private final Fleets fleets;
    private final Clock clock;

    GetCommand(Console console, Fleets fleets, Clock clock) {
        this.console = console;
        this.fleets = fleets;
        this.clock = clock;
    }

    @Override
    public Integer call() {
        return fleets.with(where, this::show);
    }

    private int show(Fleet fleet) {
        ResultOutput result = new ResultOutput(fleet::document, console.out(), console.lineWidth());
        if (!what.matches("missions?/?")) {
            MissionRecord row = new MissionFinder(fleet).named(what, namespace);
            result.single(output, fleet.progress(row), clock.instant());
            return ExitCode.Done.code();
        }
        String of =
                everywhere ? null : namespace != null ? namespace : fleet.home().orElse(null);
        List<MissionProgress> missions =
                fleet.list(of).stream().map(fleet::progress).toList();
        if (missions.isEmpty()) {
            console.err().println(of == null ? "no missions" : "no missions in namespace " + of);
        }
        result.list(output, missions, clock.instant());
        return ExitCode.Done.code();
    }
}
