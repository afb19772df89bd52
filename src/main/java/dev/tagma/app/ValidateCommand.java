package dev.tagma.app;

import dev.tagma.app.view.Words;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "validate", description = "Check manifests with the custom resources' own schemas and rules.")
final class ValidateCommand implements Callable<Integer> {
    @Mixin
    ManifestOptions manifests = new ManifestOptions();

    private final Console console;
    private final ManifestSource source;

    ValidateCommand(Console console, ManifestSource source) {
        this.console = console;
        this.source = source;
    }

    @Override
    public Integer call() {
        ManifestSource.Reading reading = manifests.read(source, console);
        Resources resources = reading.resources();
        reading.unresolved().forEach(line -> console.err().println("warning: " + line));
        console.out()
                .println("valid: " + Words.plural(resources.providers().size(), "ModelProvider") + ", "
                        + Words.plural(resources.pools().size(), "AgentPool") + ", "
                        + Words.plural(resources.missions().size(), "Mission"));
        return ExitCode.Done.code();
    }
}
