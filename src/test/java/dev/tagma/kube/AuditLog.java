package dev.tagma.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What an API server wrote down about the requests of one user. */
public final class AuditLog {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DECISION = "authorization.k8s.io/decision";
    private static final String REASON = "authorization.k8s.io/reason";

    private static final int FORBIDDEN = 403;

    private final Path directory;
    private final String user;

    /** Of the service account {@code NAMESPACE:NAME}, in files of a directory that is the caller's. */
    public AuditLog(Path directory, String serviceAccount) {
        this.directory = directory;
        this.user = "system:serviceaccount:" + serviceAccount;
    }

    /** Has an API server write the log. */
    public List<String> flags() {
        Path policy = directory.resolve("audit-policy.yaml");
        try {
            Files.writeString(policy, """
                    apiVersion: audit.k8s.io/v1
                    kind: Policy
                    omitStages: [RequestReceived]
                    rules:
                    - {level: Metadata, users: ["%s"]}
                    - {level: None}
                    """.formatted(user));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.of("--audit-policy-file=" + policy, "--audit-log-path=" + file());
    }

    /**
     * Those of the rights that RBAC never allowed a request for because of a role of this prefix, in words; what everybody may do, such as
     * discovery, counts for none.
     */
    public List<String> idle(Set<Right> granted, String rolePrefix) {
        Set<Right> used = rights(event -> annotation(event, DECISION).equals("allow")
                && annotation(event, REASON).contains("Role \"" + rolePrefix));
        return granted.stream()
                .filter(right -> !used.contains(right))
                .map(Right::toString)
                .toList();
    }

    /** What was asked for and forbidden, also by admission and by the second question about what an apply creates. */
    public Set<Right> refused() {
        return rights(event -> annotation(event, DECISION).equals("forbid")
                || event.path("responseStatus").path("code").asInt() == FORBIDDEN);
    }

    private Set<Right> rights(Predicate<JsonNode> chosen) {
        try (var lines = Files.lines(file())) {
            return lines.filter(line -> line.endsWith("}"))
                    .map(AuditLog::event)
                    .filter(event -> event.has("objectRef"))
                    .filter(chosen)
                    .map(AuditLog::right)
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode event(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Right right(JsonNode event) {
        JsonNode object = event.path("objectRef");
        String subresource = object.path("subresource").asText();
        return new Right(
                event.path("verb").asText(),
                object.path("resource").asText() + (subresource.isEmpty() ? "" : "/" + subresource),
                object.path("apiGroup").asText());
    }

    private static String annotation(JsonNode event, String name) {
        return event.path("annotations").path(name).asText();
    }

    private Path file() {
        return directory.resolve("audit.log");
    }
}
