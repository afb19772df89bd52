package dev.tagma.app;

import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.Resolution;
import dev.tagma.mission.step.StepContent.ToolStarted;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "resolve",
        description = "Say how a call ended whose outcome a crash left unknown; the mission goes on with your word.",
        footer = {
            "",
            "A mission waits for it (OutcomeUnknown) where its tool says onUnknownOutcome: Wait.",
            "",
            "  tagma resolve mission/refund --done \"The payment is in the books, number 4711.\"",
            "  tagma resolve mission/refund --not-done \"The bank knows of no payment.\""
        })
final class ResolveCommand implements Callable<Integer> {
    private static final int MAX_WORD = 10 << 10;

    @Mixin
    MissionArgument mission = new MissionArgument();

    @Mixin
    FleetOptions where = new FleetOptions();

    @Option(names = "--call", paramLabel = "ID", description = "which call, where several are open")
    String call;

    @ArgGroup(multiplicity = "1")
    Word word;

    private final Console console;
    private final Fleets fleets;

    ResolveCommand(Console console, Fleets fleets) {
        this.console = console;
        this.fleets = fleets;
    }

    /** How the call ended. */
    static final class Word {
        @Option(
                names = "--done",
                paramLabel = "TEXT",
                description = "it took effect; TEXT is the tool's answer to the model")
        String done;

        @Option(names = "--not-done", paramLabel = "TEXT", description = "it did not; TEXT tells the model so")
        String notDone;
    }

    @Override
    public Integer call() {
        String text = word.done == null ? word.notDone : word.done;
        if (text.isBlank() || text.getBytes(StandardCharsets.UTF_8).length > MAX_WORD) {
            throw new CommandException(
                    ExitCode.Invalid, "the text must have 1 byte to 10 KiB: it is the tool's answer");
        }
        return fleets.with(where, fleet -> {
            MissionRecord row = mission.in(fleet);
            Resolution resolution = fleet.resolution()
                    .orElseThrow(
                            () -> new CommandException(
                                    ExitCode.Invalid,
                                    "calls are resolved in the database itself, not through a gateway: name it with --database URL"));
            if (resolution.free(row.uid())) {
                console.out()
                        .println("every call of mission " + row.namespace() + "/" + row.name()
                                + " was resolved before: it goes on");
                return ExitCode.Done.code();
            }
            ToolStarted chosen = choose(row, resolution.open(row));
            String name = "the call " + chosen.callId() + " of " + chosen.tool() + " by mission " + row.namespace()
                    + "/" + row.name();
            if (resolution.resolve(row.uid(), chosen, word.done != null, text)) {
                console.out().println(name + " is resolved");
                return ExitCode.Done.code();
            }
            console.err()
                    .println(name + " cannot be resolved: the mission is " + row.phase() + " (" + row.reason()
                            + "), it does not wait for an outcome");
            return ExitCode.NotSucceeded.code();
        });
    }

    private ToolStarted choose(MissionRecord row, List<ToolStarted> open) {
        List<ToolStarted> meant = open.stream()
                .filter(each -> call == null || each.callId().equals(call))
                .toList();
        if (meant.size() == 1) {
            return meant.getFirst();
        }
        String calls =
                open.stream().map(each -> each.callId() + " of " + each.tool()).collect(Collectors.joining(", "));
        throw new CommandException(
                ExitCode.Invalid,
                open.isEmpty()
                        ? "mission " + row.namespace() + "/" + row.name() + " has no call whose outcome is unknown"
                        : "name one with --call: the outcome is unknown of " + calls);
    }
}
