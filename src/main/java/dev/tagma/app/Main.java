package dev.tagma.app;

import dev.tagma.app.postgres.PostgresException;
import dev.tagma.mission.StoreUnavailableException;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;

/**
 * The program. Arguments are parsed before anything else is loaded: help, usage errors and the commands of a single process never
 * start Quarkus.
 */
@QuarkusMain
public final class Main {
    private static final Duration LAST_WORDS = Duration.ofSeconds(40);

    private final Console console;
    private final Stop stop;
    private final Program program;

    Main(Console console, Stop stop, Program program) {
        this.console = console;
        this.stop = stop;
        this.program = program;
    }

    public static void main(String[] args) {
        Stop stop = new Stop();
        CountDownLatch ended = new CountDownLatch(1);
        // Ctrl-C and SIGTERM: the command is asked to end, and the process waits until it has
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            stop.request();
            try {
                ended.await(LAST_WORDS.toSeconds(), TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        int code;
        try {
            code = new Main(Console.ofProcess(System.getenv()), stop, Program.real()).execute(args);
        } finally {
            ended.countDown();
        }
        System.exit(code);
    }

    /** Runs the command that the arguments name. Answers the exit code. */
    int execute(String... args) {
        return commandLine().execute(args);
    }

    /** The command tree. */
    CommandLine commandLine() {
        Clock clock = Clock.systemUTC();
        Stores stores = new Stores(console, program.opener());
        TagmaCommand top = new TagmaCommand();
        CommandLine line = new CommandLine(top)
                .addSubcommand(
                        new RunCommand(console, program.manifests(), program.starter(), Program.JSON, clock, stop))
                .addSubcommand(new GetCommand(console, stores, Program.JSON, clock))
                .addSubcommand(new LogsCommand(console, stores, Program.JSON, stop))
                .addSubcommand(new VerifyCommand(console, stores))
                .addSubcommand(new OrderCommand.Cancel(console, stores))
                .addSubcommand(new OrderCommand.Suspend(console, stores))
                .addSubcommand(new OrderCommand.Resume(console, stores))
                .addSubcommand(new ValidateCommand(console, program.manifests()))
                .addSubcommand(new SampleServiceCommand(console, stop))
                .addSubcommand(new CompletionCommand(console))
                .addSubcommand(new VersionCommand(console));
        line.registerConverter(Duration.class, new DurationConverter());
        line.setOut(new PrintWriter(console.out(), true));
        line.setErr(new PrintWriter(console.err(), true));
        line.setUsageHelpWidth(100);
        line.setExecutionStrategy(parsed -> {
            Logs.to(console.err(), top.verbose);
            return new CommandLine.RunLast().execute(parsed);
        });
        line.setParameterExceptionHandler((e, arguments) -> misused(e));
        line.setExecutionExceptionHandler((e, command, parsed) -> failed(e, top.verbose));
        return line;
    }

    private int misused(CommandLine.ParameterException e) {
        CommandLine command = e.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        if (command.getParent() == null
                && command.getParseResult().originalArgs().isEmpty()) {
            command.usage(console.err());
        } else {
            console.err().println(name + ": " + e.getMessage());
            CommandLine.UnmatchedArgumentException.printSuggestions(e, command.getErr());
            console.err().println("`" + name + " --help` says what there is");
        }
        return ExitCode.Invalid.code();
    }

    private int failed(Exception trouble, boolean verbose) {
        ExitCode code = switch (trouble) {
            case CommandException e -> e.code();
            case PostgresException e -> ExitCode.CannotRun;
            case StoreUnavailableException e -> ExitCode.CannotRun;
            case Exception e -> ExitCode.CannotRun;
        };
        String message = trouble.getMessage() == null ? trouble.toString() : trouble.getMessage();
        console.err().println("tagma: " + message);
        boolean expected = trouble instanceof CommandException || trouble instanceof PostgresException;
        if (verbose || !expected && !(trouble instanceof StoreUnavailableException)) {
            trouble.printStackTrace(console.err());
        }
        return code.code();
    }
}
