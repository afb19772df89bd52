package dev.tagma.app;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "completion",
        description = "Write completion for a shell.",
        footer = {"", "  source <(tagma completion bash)"})
final class CompletionCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}")
    Shell shell;

    @Spec
    CommandSpec spec;

    private final Console console;

    CompletionCommand(Console console) {
        this.console = console;
    }

    /** Shells that are known; zsh reads the script of bash. */
    enum Shell {
        bash,
        zsh
    }

    @Override
    public Integer call() {
        console.out().println("# Completion of tagma " + Version.current() + ", for " + shell);
        AutoComplete.bash("tagma", spec.root().commandLine())
                .lines()
                .dropWhile(line -> line.isBlank() || line.startsWith("#"))
                .forEach(console.out()::println);
        return ExitCode.Done.code();
    }
}
