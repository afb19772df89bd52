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
    private final ManifestReader reader;

    ValidateCommand(Console console, ManifestReader reader) {
        this.console = console;
        this.reader = reader;
    }

    @Override
    public Integer call() {
        Resources resources = manifests.read(reader);
        console.out()
                .println("valid: " + Words.plural(resources.providers().size(), "ModelProvider") + ", "
                        + Words.plural(resources.pools().size(), "AgentPool") + ", "
                        + Words.plural(resources.missions().size(), "Mission"));
        return ExitCode.Done.code();
    }
}
