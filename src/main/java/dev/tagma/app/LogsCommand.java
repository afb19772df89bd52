package dev.tagma.app;

import dev.tagma.app.fleet.Fleet;
import dev.tagma.app.view.MissionProgress;
import dev.tagma.app.view.Transcript;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.Step;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "logs",
        description = "Show a mission's transcript: what the model said, what tools answered, what it cost.")
final class LogsCommand implements Callable<Integer> {
    private static final int PAGE = 200;
    private static final Duration ROUND = Duration.ofMillis(200);
    private static final Duration UNTIL_THERE = Duration.ofMillis(500);

    @Mixin
    MissionArgument mission = new MissionArgument();

    @Mixin
    FleetOptions where = new FleetOptions();

    @Option(
            names = {"-f", "--follow"},
            description = "go on until the mission ends; wait for it where it is not there yet")
    boolean follow;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORM",
            defaultValue = "text",
            description = "${COMPLETION-CANDIDATES}: json is one document per line and step")
    Form output = Form.text;

    private final Console console;
    private final Fleets fleets;
    private final Stop stop;
    /** The last step that was shown: a store that goes away and comes back does not repeat itself. */
    private long printed;

    LogsCommand(Console console, Fleets fleets, Stop stop) {
        this.console = console;
        this.fleets = fleets;
        this.stop = stop;
    }

    /** The forms of a transcript. */
    enum Form {
        text,
        json
    }

    @Override
    public Integer call() {
        if (!follow) {
            return fleets.with(where, fleet -> show(fleet, mission.in(fleet)));
        }
        stop.heed();
        boolean told = false;
        Optional<Integer> shown = Optional.empty();
        while (shown.isEmpty() && !stop.requested()) {
            shown = fleets.ifAny(where, fleet -> awaited(fleet).map(row -> show(fleet, row)));
            if (shown.isEmpty() && !told) {
                told = true;
                console.err().println("no missions in " + fleets.place(where) + " yet: waiting for a run");
            }
            if (shown.isEmpty()) {
                stop.await(UNTIL_THERE);
            }
        }
        return shown.orElse(ExitCode.Interrupted.code());
    }

    /** The mission, once it is there; empty where the end was asked for before. */
    private Optional<MissionRecord> awaited(Fleet fleet) {
        Optional<MissionRecord> row = mission.ifIn(fleet);
        if (row.isEmpty()) {
            console.err()
                    .println(mission.mission + " is not in namespace "
                            + new MissionFinder(fleet).namespace(mission.namespace) + " yet: waiting for it");
        }
        while (row.isEmpty() && !stop.await(UNTIL_THERE)) {
            row = mission.ifIn(fleet);
        }
        return row;
    }

    private int show(Fleet fleet, MissionRecord found) {
        MissionRecord row = found;
        Transcript transcript = new Transcript(Json.MAPPER, ZoneId.systemDefault(), console.colors(false));
        boolean last;
        do {
            // read before the steps, so that an ended mission's last step is among those read
            row = fleet.now(row).orElse(row);
            last = !follow || row.phase().terminal();
            print(fleet, row, transcript);
        } while (!last && !stop.await(ROUND));
        if (output == Form.text) {
            String activity = MissionProgress.of(row).activity();
            console.out()
                    .println(row.namespace() + "/" + row.name() + " " + row.phase()
                            + (activity.isEmpty() ? "" : ": " + activity));
        }
        return (last ? ExitCode.Done : ExitCode.Interrupted).code();
    }

    private void print(Fleet fleet, MissionRecord row, Transcript transcript) {
        List<Step> page;
        do {
            page = fleet.steps(row, printed, PAGE);
            for (Step step : page) {
                switch (output) {
                    case text -> transcript.text(step).forEach(console.out()::println);
                    case json -> console.out().println(transcript.line(step));
                }
                printed = step.seq();
            }
        } while (!page.isEmpty());
    }
}
