package dev.tagma.kube;

import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import java.time.Duration;
import org.awaitility.Awaitility;

/** Grants of service accounts in their own namespace. */
public final class Grants {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String GROUP = "tagma.dev";

    private Grants() {}

    /** The account may do this, and the API server's authorizer, which reads of it a moment later, knows. */
    public static void grant(Cluster cluster, String namespace, String account, String resource, String... verbs) {
        String name = account + "-" + resource.replace('/', '-');
        cluster.client()
                .resource(new RoleBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(namespace)
                        .endMetadata()
                        .withRules(new PolicyRuleBuilder()
                                .withApiGroups(GROUP)
                                .withResources(resource)
                                .withVerbs(verbs)
                                .build())
                        .build())
                .create();
        cluster.client()
                .resource(new RoleBindingBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(namespace)
                        .endMetadata()
                        .withNewRoleRef("rbac.authorization.k8s.io", "Role", name)
                        .addNewSubject()
                        .withKind("ServiceAccount")
                        .withName(account)
                        .withNamespace(namespace)
                        .endSubject()
                        .build())
                .create();
        Awaitility.await().atMost(PATIENCE).until(() -> permitted(cluster, namespace, account, resource, verbs[0]));
    }

    private static boolean permitted(Cluster cluster, String namespace, String account, String resource, String verb) {
        String[] parts = resource.split("/", 2);
        return cluster.client()
                .resource(new SubjectAccessReviewBuilder()
                        .withNewSpec()
                        .withUser("system:serviceaccount:" + namespace + ":" + account)
                        .withNewResourceAttributes()
                        .withGroup(GROUP)
                        .withResource(parts[0])
                        .withSubresource(parts.length == 1 ? "" : parts[1])
                        .withNamespace(namespace)
                        .withVerb(verb)
                        .endResourceAttributes()
                        .endSpec()
                        .build())
                .create()
                .getStatus()
                .getAllowed();
    }
}
