package dev.tagma.e2e;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.ArrayList;
import java.util.List;

/** Tokens of service accounts, as {@code kubectl create token} makes them. */
final class Tokens {
    private static final String RUNTIMES = "tagma";

    private Tokens() {}

    /** The token that the kubelet projects into a runtime's pod. */
    static String projected(Pod pod) {
        return create(pod, RUNTIMES);
    }

    /** One that a runtime's pod never gets: for the API server itself. */
    static String ofApiServer(Pod pod) {
        return create(pod, null);
    }

    private static String create(Pod pod, String audience) {
        List<String> arguments = new ArrayList<>(List.of(
                "create",
                "token",
                "-n",
                pod.getMetadata().getNamespace(),
                pod.getSpec().getServiceAccountName(),
                "--duration=10m",
                "--bound-object-kind=Pod",
                "--bound-object-name=" + Pods.name(pod),
                "--bound-object-uid=" + pod.getMetadata().getUid()));
        if (audience != null) {
            arguments.add("--audience=" + audience);
        }
        return Suite.kubectl(arguments.toArray(String[]::new)).ok().strip();
    }

    /** Of a service account, bound to no pod. */
    static String unbound(String namespace, String account) {
        return Suite.kubectl("create", "token", "-n", namespace, account, "--duration=10m", "--audience=" + RUNTIMES)
                .ok()
                .strip();
    }

    /** What a user of the API server has. */
    static String ofUser(String namespace, String account) {
        return Suite.kubectl("create", "token", "-n", namespace, account, "--duration=10m")
                .ok()
                .strip();
    }
}
