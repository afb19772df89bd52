package dev.tagma.kube;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * {@code kubectl} with a kubeconfig.
 *
 * @param program where it is
 * @param kubeconfig who it speaks as, and to whom
 * @param cache a directory for what it learns about the API server
 */
public record Kubectl(String program, Path kubeconfig, Path cache) {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    public Command.Result run(String input, List<String> arguments) {
        return run(input, arguments, PATIENCE);
    }

    /** Of a command that may take so long. */
    public Command.Result run(String input, List<String> arguments, Duration patience) {
        return new Command(commandLine(arguments), input, environment(), patience).run();
    }

    /** The whole command, for who starts it otherwise. */
    public List<String> commandLine(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(program, "--kubeconfig", kubeconfig.toString()));
        command.addAll(arguments);
        return command;
    }

    public Map<String, String> environment() {
        return Map.of("KUBECACHEDIR", cache.toString());
    }
}
