package dev.tagma.e2e;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tagma.kube.Command;
import dev.tagma.kube.Programs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How Flux and Argo CD judge objects, by their own engines: kstatus, and Lua with the health check that Tagma ships. */
final class Judges {
    static final Path HEALTH_CHECK = Path.of("src", "main", "argocd", "health.lua");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, Set<String>> ALIKE = Map.of(
            "Current", Set.of("Healthy"),
            "InProgress", Set.of("Progressing", "Suspended"),
            "Failed", Set.of("Degraded"),
            "Terminating", Set.of("Progressing"));

    private Judges() {}

    /**
     * What both say of an object.
     *
     * @param flux a status of kstatus
     * @param argo a health of Argo CD
     * @param message what Argo CD shows with it
     */
    record Verdict(String flux, String argo, String message) {
        /** Whether a user of either is told the same. */
        boolean alike() {
            return ALIKE.getOrDefault(flux, Set.of()).contains(argo);
        }
    }

    /** Judges objects, each as JSON. */
    static List<Verdict> judge(Collection<String> objects) {
        return new Command(
                        List.of(Programs.ofChecks().path("health"), HEALTH_CHECK.toString()),
                        String.join("\n", objects),
                        Map.of(),
                        Duration.ofMinutes(1))
                .run()
                .ok()
                .lines()
                .map(Judges::verdict)
                .toList();
    }

    static Verdict judge(String object) {
        return judge(List.of(object)).getFirst();
    }

    private static Verdict verdict(String line) {
        try {
            return JSON.readValue(line, Verdict.class);
        } catch (JsonProcessingException e) {
            throw new AssertionError("no verdict: " + line, e);
        }
    }
}
