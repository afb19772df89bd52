package dev.tagma.e2e;

import java.util.List;
import java.util.regex.Pattern;

/** What there is of a release, whoever made it. */
final class Leftovers {
    /** What each namespace has of itself, or keeps for an hour. */
    private static final Pattern NOT_OURS =
            Pattern.compile("configmap/kube-root-ca\\.crt|serviceaccount/default|event.*|.*metrics\\.k8s\\.io/.*");

    private Leftovers() {}

    /** Objects of the namespace that Tagma is installed in, of every kind, as KIND/NAME. */
    static List<String> inNamespace() {
        return get("true", "-n", Tagma.NAMESPACE);
    }

    /** Those without a namespace. */
    static List<String> clusterWide() {
        return get("false", "-l", "app.kubernetes.io/name=tagma");
    }

    private static List<String> get(String namespaced, String option, String value) {
        String kinds = Suite.kubectl("api-resources", "--verbs=list", "--namespaced=" + namespaced, "-o", "name")
                .ok()
                .strip()
                .replaceAll("\\s+", ",");
        return Suite.kubectl("get", kinds, option, value, "-o", "name", "--ignore-not-found")
                .ok()
                .lines()
                .filter(line -> !NOT_OURS.matcher(line).matches())
                .toList();
    }
}
