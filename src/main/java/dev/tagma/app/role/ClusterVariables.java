package dev.tagma.app.role;

import java.util.List;

/** Where a role is on its cluster, and what of it it sees. How the API server is reached, the client finds out as kubectl does. */
final class ClusterVariables {
    static final Setting NAMESPACE = Setting.required("TAGMA_NAMESPACE", "the namespace that this pod is in");
    static final Setting POD_NAME = Setting.optional("TAGMA_POD_NAME", "", "this pod's name");
    static final Setting WATCH_NAMESPACES =
            Setting.optional("TAGMA_WATCH_NAMESPACES", "", "namespaces to serve, with commas; all where it is empty");

    static final List<Setting> ALL = List.of(NAMESPACE, POD_NAME, WATCH_NAMESPACES);

    private ClusterVariables() {}

    /** The process's own name: its pod's; elsewhere one that no other process of the host has. */
    static String name(Environment environment, String role) {
        String pod = environment.text(POD_NAME);
        return pod.isEmpty() ? role + "-" + ProcessHandle.current().pid() : pod;
    }
}
