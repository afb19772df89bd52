package dev.tagma.e2e;

import dev.tagma.kube.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The commands that README.md shows, as they are typed. */
final class Readme {
    private static final Path FILE = Path.of("README.md");
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private Readme() {}

    /** Those of the block behind the comment with this name. */
    static List<String> commands(String name) throws IOException {
        String text = Files.readString(FILE);
        int mark = text.indexOf("<!-- " + name + " -->");
        if (mark < 0) {
            throw new AssertionError(FILE + " has no block behind <!-- " + name + " -->");
        }
        int begin = text.indexOf("```", mark);
        return text.substring(begin, text.indexOf("```", begin + 3))
                .lines()
                .filter(line -> line.startsWith("$ "))
                .map(line -> line.substring(2))
                .toList();
    }

    /** Runs one in a shell that has kubectl and helm, with what this cluster needs behind commands that begin so. */
    static Command.Result run(String command, Map<String, String> more) {
        String whole = more.entrySet().stream()
                .filter(each -> command.startsWith(each.getKey()))
                .findFirst()
                .map(each -> command + each.getValue())
                .orElse(command);
        Map<String, String> environment = Map.of(
                "KUBECONFIG",
                Suite.KUBECONFIG.toString(),
                "PATH",
                Suite.programs().directory() + ":" + System.getenv("PATH"));
        return new Command(List.of("bash", "-c", whole), "", environment, PATIENCE).run();
    }
}
