package dev.tagma.app;

import dev.tagma.app.fleet.Fleet;
import dev.tagma.app.view.Words;
import dev.tagma.mission.ChainVerifier.Verdict;
import dev.tagma.mission.Digest;
import dev.tagma.mission.Head;
import dev.tagma.mission.MissionRecord;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "verify",
        description = "Prove that no step was changed, left out or cut off.",
        footer = {
            "",
            "Each step's digest covers the one before it. Against somebody who can write to the database, note",
            "the head elsewhere (status.checkpoint, or the digest printed here) and hand it back:",
            "",
            "  tagma verify mission/scope3 --checkpoint 41:9f86d081884c7d65...",
            "",
            "On a cluster the digests come from the gateway, and must agree with the checkpoint in the",
            "mission's status, which comes from the API server."
        })
final class VerifyCommand implements Callable<Integer> {
    @Parameters(index = "0", arity = "0..1", paramLabel = "mission/NAME", description = "which mission")
    String mission;

    @Option(names = "--all", description = "every mission")
    boolean all;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NS",
            description = "its namespace (default: default); with --all only of this one")
    String namespace;

    @Option(
            names = "--checkpoint",
            paramLabel = "SEQ:DIGEST",
            description = "a head noted elsewhere, which the chain must pass through; may be repeated")
    List<String> checkpoints = List.of();

    @Mixin
    FleetOptions where = new FleetOptions();

    private final Console console;
    private final Fleets fleets;
    /** What was said already: a store that goes away and comes back does not repeat it. */
    private final Set<UUID> verified = new HashSet<>();

    private long broken;
    private long steps;

    VerifyCommand(Console console, Fleets fleets) {
        this.console = console;
        this.fleets = fleets;
    }

    @Override
    public Integer call() {
        if (all == (mission != null)) {
            throw new CommandException(ExitCode.Invalid, "name one mission, as mission/NAME, or say --all");
        }
        if (all && !checkpoints.isEmpty()) {
            throw new CommandException(ExitCode.Invalid, "--checkpoint belongs to one mission, not to --all");
        }
        List<Head> noted = checkpoints.stream().map(VerifyCommand::head).toList();
        return fleets.with(where, fleet -> verify(fleet, noted));
    }

    private static Head head(String text) {
        int colon = text.indexOf(':');
        try {
            return new Head(
                    Long.parseLong(text.substring(0, Math.max(0, colon))), Digest.ofHex(text.substring(colon + 1)));
        } catch (IllegalArgumentException e) {
            throw new CommandException(
                    ExitCode.Invalid,
                    "--checkpoint is a step's number and its digest of 64 digits, as 41:9f86..., not " + text,
                    e);
        }
    }

    private int verify(Fleet fleet, List<Head> noted) {
        List<MissionRecord> missions = all
                ? fleet.list(namespace != null ? namespace : fleet.home().orElse(null))
                : List.of(new MissionFinder(fleet).named(mission, namespace));
        for (MissionRecord row : missions) {
            if (verified.contains(row.uid())) {
                continue;
            }
            Verdict verdict = fleet.verify(row, noted);
            console.out().println("mission " + row.namespace() + "/" + row.name() + ": " + said(verdict));
            verified.add(row.uid());
            switch (verdict) {
                case Verdict.Intact intact -> steps += intact.steps();
                case Verdict.Broken b -> broken++;
                case Verdict.CutTail c -> broken++;
            }
        }
        if (all) {
            console.out()
                    .println(missions.size() - broken + " of " + missions.size() + " chains intact, "
                            + Words.plural(steps, "step"));
        }
        return (broken == 0 ? ExitCode.Done : ExitCode.NotSucceeded).code();
    }

    private static String said(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Intact(var head, var steps) ->
                "intact, " + Words.plural(steps, "step") + ", head " + head.seq() + ":"
                        + head.digest().hex();
            case Verdict.Broken(var seq, var why) -> "BROKEN at step " + seq + ": " + why;
            case Verdict.CutTail(var expected, var found) ->
                "CUT: ends at step " + found.seq() + ", had reached " + expected.seq();
        };
    }
}
