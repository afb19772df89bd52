package dev.tagma.app;

import dev.tagma.app.view.MissionProgress;
import dev.tagma.app.view.Transcript;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.Step;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
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

    @Mixin
    MissionArgument mission = new MissionArgument();

    @Mixin
    StoreOptions store = new StoreOptions();

    @Option(
            names = {"-f", "--follow"},
            description = "go on until the mission ends")
    boolean follow;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORM",
            defaultValue = "text",
            description = "${COMPLETION-CANDIDATES}: json is one document per line and step")
    Form output = Form.text;

    private final Console console;
    private final Stores stores;
    private final Stop stop;

    LogsCommand(Console console, Stores stores, Stop stop) {
        this.console = console;
        this.stores = stores;
        this.stop = stop;
    }

    /** The forms of a transcript. */
    enum Form {
        text,
        json
    }

    @Override
    public Integer call() {
        stop.heed();
        return stores.with(store, this::show);
    }

    private int show(OpenStore open) {
        MissionRecord row = mission.in(open);
        Transcript transcript = new Transcript(Json.MAPPER, ZoneId.systemDefault(), console.colors(false));
        long seq = 0;
        boolean last;
        do {
            // read before the steps, so that an ended mission's last step is among those read
            row = open.missions().find(row.uid()).orElse(row);
            last = !follow || row.phase().terminal();
            seq = print(open, row, transcript, seq);
        } while (!last && !stop.await(ROUND));
        if (output == Form.text) {
            String activity = MissionProgress.of(row).activity();
            console.out()
                    .println(row.namespace() + "/" + row.name() + " " + row.phase()
                            + (activity.isEmpty() ? "" : ": " + activity));
        }
        return (last ? ExitCode.Done : ExitCode.Interrupted).code();
    }

    private long print(OpenStore open, MissionRecord row, Transcript transcript, long from) {
        long seq = from;
        List<Step> page;
        do {
            page = open.steps().read(row.id(), seq, PAGE);
            for (Step step : page) {
                switch (output) {
                    case text -> transcript.text(step).forEach(console.out()::println);
                    case json -> console.out().println(transcript.line(step));
                }
                seq = step.seq();
            }
        } while (page.size() == PAGE);
        return seq;
    }
}
