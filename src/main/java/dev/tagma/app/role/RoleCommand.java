package dev.tagma.app.role;

import io.quarkus.runtime.Quarkus;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParseResult;

/** Runs a role until the process is asked to end. Quarkus starts after the settings were found right. */
@Command
public final class RoleCommand implements Callable<Integer> {
    private final RoleName name;
    private final Map<String, String> environment;
    private final Until until;

    private RoleCommand(RoleName name, Map<String, String> environment, Until until) {
        this.name = name;
        this.environment = environment;
        this.until = until;
    }

    /** Blocks until the process is asked to end; from the call on it knows that somebody heeds that. */
    public interface Until {
        /** Returns when the end was asked for. */
        void end();
    }

    /** The subcommand of this name. */
    public static CommandLine of(RoleName name, Map<String, String> environment, Until until) {
        CommandLine line = new CommandLine(new RoleCommand(name, environment, until));
        UsageMessageSpec usage = line.getCommandSpec().name(name.name()).usageMessage();
        usage.description(name.description());
        usage.footer(Stream.concat(
                        Stream.of("", "Environment:"), name.variables().stream().map(Setting::help))
                .toArray(String[]::new));
        return line;
    }

    /** Whether the arguments name a role, which logs as application.properties says. */
    public static boolean isIn(ParseResult parsed) {
        return parsed.hasSubcommand() && parsed.subcommand().commandSpec().userObject() instanceof RoleCommand;
    }

    @Override
    public Integer call() {
        RoleFactory.check(name, environment);
        AtomicInteger code = new AtomicInteger();
        Thread.ofPlatform().name("until-end").daemon().start(() -> {
            until.end();
            Quarkus.asyncExit(0);
        });
        Quarkus.run(RoleApplication.class, (ended, trouble) -> code.set(ended), name.name());
        return code.get();
    }
}
