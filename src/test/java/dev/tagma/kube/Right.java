package dev.tagma.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** To do something with a kind of objects, in RBAC's words; {@code resource} has its subresource behind a slash. */
public record Right(String verb, String resource, String group) implements Comparable<Right> {
    private static final Comparator<Right> ORDER =
            Comparator.comparing(Right::group).thenComparing(Right::resource).thenComparing(Right::verb);

    /** What the roles of this name in a file of manifests grant. */
    public static Set<Right> granted(Path manifests, String role) {
        Set<Right> rights = new TreeSet<>();
        for (HasMetadata each : read(manifests)) {
            if (each.getMetadata().getName().equals(role)) {
                rules(each).forEach(rule -> add(rule, rights));
            }
        }
        return rights;
    }

    private static List<HasMetadata> read(Path manifests) {
        try (InputStream file = Files.newInputStream(manifests)) {
            return Serialization.<List<HasMetadata>>unmarshal(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<PolicyRule> rules(HasMetadata object) {
        return object instanceof ClusterRole all
                ? all.getRules()
                : object instanceof Role own ? own.getRules() : List.of();
    }

    private static void add(PolicyRule rule, Set<Right> rights) {
        for (String group : rule.getApiGroups()) {
            for (String resource : rule.getResources()) {
                rule.getVerbs().forEach(verb -> rights.add(new Right(verb, resource, group)));
            }
        }
    }

    @Override
    public int compareTo(Right other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return verb + " " + resource + (group.isEmpty() ? "" : "." + group);
    }
}
