package dev.tagma.app;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

@Command(
        name = "tagma",
        description = "Runs fleets of AI agents durably: every step is committed before the next one begins.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Examples:",
            "  tagma run -f samples/emissions                 run missions; again after a crash, they go on",
            "  tagma get                                      what became of them",
            "  tagma logs mission/scope3 --follow             what the model and the tools said",
            "  tagma verify --all                             check every hash chain",
            "  tagma get --context production                 the missions of a cluster; so does kubectl tagma",
            "",
            "Environment:",
            "  TAGMA_MODEL       this model of OPENAI_BASE_URL, OPENAI_API_KEY in place of Scripted providers",
            "  TAGMA_DATA        directory of the embedded Postgres (--data; default .tagma)",
            "  TAGMA_DATABASE    URL of a Postgres to use instead (--database), PGUSER and PGPASSWORD with it",
            "  TAGMA_GATEWAY     URL of a cluster's gateway to work on (--gateway); TAGMA_GATEWAY_CA with it",
            "  NO_COLOR          no colours (--no-color)",
            "  TAGMA_JAVA_OPTS   further options of the JVM",
            "",
            "Exit codes:",
            "  0  everything was done, every mission succeeded    3    could not run: no database, a full disk",
            "  1  a mission did not succeed, a chain is broken    130  Ctrl-C, 143 SIGTERM; the next start goes on",
            "  2  wrong arguments or manifests; nothing was run"
        })
final class TagmaCommand implements Runnable {
    @Spec
    CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "show this, or the help of a command")
    boolean help;

    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            description = "log what happens (INFO) to standard error")
    boolean verbose;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "which command?");
    }
}
