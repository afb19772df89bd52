package dev.tagma.app;

import dev.tagma.app.fleet.FleetException;
import dev.tagma.app.postgres.PostgresException;
import dev.tagma.app.role.RoleCommand;
import dev.tagma.app.role.RoleName;
import dev.tagma.app.role.SettingsException;
import dev.tagma.manifest.Nearest;
import dev.tagma.mission.StoreUnavailableException;
import dev.tagma.store.DatabaseRefusedException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import picocli.CommandLine;

/** The tree of commands, what becomes of their failures, and the exit code. */
final class Commands {
    private static final Duration UNTIL_STOPPED = Duration.ofDays(36_500);

    private final Console console;
    private final Stop stop;
    private final Program program;

    Commands(Console console, Stop stop, Program program) {
        this.console = console;
        this.stop = stop;
        this.program = program;
    }

    /** Runs the command that the arguments name. Answers the exit code. */
    int execute(String... args) {
        return commandLine().execute(args);
    }

    private CommandLine commandLine() {
        Clock clock = Clock.systemUTC();
        Fleets fleets = new Fleets(console, program.stores(), program.clusters());
        TagmaCommand top = new TagmaCommand();
        CommandLine line = new CommandLine(top)
                .addSubcommand(new RunCommand(console, program, clock, stop))
                .addSubcommand(new GetCommand(console, fleets, clock))
                .addSubcommand(new LogsCommand(console, fleets, stop))
                .addSubcommand(new VerifyCommand(console, fleets))
                .addSubcommand(new OrderCommand.Cancel(console, fleets))
                .addSubcommand(new OrderCommand.Suspend(console, fleets))
                .addSubcommand(new OrderCommand.Resume(console, fleets))
                .addSubcommand(new ResolveCommand(console, fleets))
                .addSubcommand(new ValidateCommand(console, program.manifests()))
                .addSubcommand(new SampleServiceCommand(console, stop))
                .addSubcommand(new CompletionCommand(console))
                .addSubcommand(new VersionCommand(console));
        for (RoleName role : RoleName.values()) {
            line.addSubcommand(RoleCommand.of(role, console.environment(), this::untilEnd));
        }
        line.registerConverter(Duration.class, new DurationConverter());
        line.setOut(new PrintWriter(console.out(), true));
        line.setErr(new PrintWriter(console.err(), true));
        line.setUsageHelpWidth(100);
        line.setExecutionStrategy(parsed -> {
            if (!RoleCommand.isIn(parsed)) {
                Logs.to(console.err(), top.verbose);
            }
            return new CommandLine.RunLast().execute(parsed);
        });
        line.setParameterExceptionHandler((e, arguments) -> misused(e));
        line.setExecutionExceptionHandler((e, command, parsed) -> failed(e, top.verbose));
        return line;
    }

    private void untilEnd() {
        stop.heed();
        stop.await(UNTIL_STOPPED);
    }

    private int misused(CommandLine.ParameterException e) {
        CommandLine command = e.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        if (command.getParent() == null
                && command.getParseResult().originalArgs().isEmpty()) {
            command.usage(console.err());
        } else {
            console.err().println(name + ": " + misuse(e));
            meant(e).ifPresent(word -> console.err().println("did you mean: " + name + " " + word + "?"));
            console.err().println("`" + name + " --help` says what there is");
        }
        return ExitCode.Invalid.code();
    }

    private static String misuse(CommandLine.ParameterException e) {
        return e instanceof CommandLine.UnmatchedArgumentException unmatched
                        && e.getCommandLine().getParent() == null
                        && !unmatched.isUnknownOption()
                ? "there is no command '" + unmatched.getUnmatched().getFirst() + "'"
                : e.getMessage();
    }

    private static Optional<String> meant(CommandLine.ParameterException e) {
        if (!(e instanceof CommandLine.UnmatchedArgumentException unmatched)) {
            return Optional.empty();
        }
        CommandLine.Model.CommandSpec command = e.getCommandLine().getCommandSpec();
        Collection<String> known = unmatched.isUnknownOption()
                ? command.optionsMap().keySet()
                : command.subcommands().keySet();
        return Nearest.to(unmatched.getUnmatched().getFirst(), known);
    }

    private int failed(Exception trouble, boolean verbose) {
        ExitCode code = switch (trouble) {
            case CommandException e -> e.code();
            case PostgresException e -> ExitCode.CannotRun;
            case StoreUnavailableException e -> ExitCode.CannotRun;
            case DatabaseRefusedException e -> ExitCode.CannotRun;
            case FleetException e ->
                switch (e.kind()) {
                    case Refused -> ExitCode.Invalid;
                    case Unreachable -> ExitCode.CannotRun;
                };
            case SettingsException e -> ExitCode.Invalid;
            case Exception e -> ExitCode.CannotRun;
        };
        String message = trouble.getMessage() == null ? trouble.toString() : trouble.getMessage();
        message.lines().forEach(line -> console.err().println("tagma: " + line));
        boolean expected = trouble instanceof CommandException
                || trouble instanceof PostgresException
                || trouble instanceof SettingsException
                || trouble instanceof FleetException
                || trouble instanceof DatabaseRefusedException;
        if (verbose || !expected && !(trouble instanceof StoreUnavailableException)) {
            trouble.printStackTrace(console.err());
        }
        return code.code();
    }
}
