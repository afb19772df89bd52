package dev.tagma.gateway.access;

import static dev.tagma.gateway.access.Authenticator.RUNTIME_AUDIENCE;
import static dev.tagma.gateway.access.Authenticator.USER_AUDIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tagma.gateway.access.Authorizer.Deed;
import dev.tagma.kube.Cluster;
import dev.tagma.kube.Grants;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who Kubernetes says calls, and what it says they may do: against a real API server. */
class AccessIT {
    private static final Duration LONG = Duration.ofHours(1);

    private final Cluster cluster = Cluster.shared();
    private final KubernetesClient client = cluster.client();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicLong nanos = new AtomicLong();
    private final TokenReviewAuthenticator authenticator =
            new TokenReviewAuthenticator(client, AccessSettings.DEFAULT, threads, nanos::get);
    private final SubjectAccessReviewAuthorizer authorizer =
            new SubjectAccessReviewAuthorizer(client, AccessSettings.DEFAULT, threads, nanos::get);
    private final String namespace = cluster.newNamespace("access");

    @AfterEach
    void close() {
        threads.shutdownNow();
    }

    @Test
    void aServiceAccountIsWhoKubernetesSays() {
        Caller caller = authenticator.authenticate(cluster.token(namespace, "analyst", LONG), USER_AUDIENCE);

        assertThat(caller.user()).isEqualTo("system:serviceaccount:" + namespace + ":analyst");
        assertThat(caller.serviceAccount()).contains(namespace + "/analyst");
        assertThat(caller.groups()).contains("system:serviceaccounts:" + namespace, "system:authenticated");
        assertThat(caller.uid()).isNotEmpty();
    }

    @Test
    void aTokenOfAnotherAudienceIsNobodys() {
        String runtime = cluster.token(namespace, "runtime", RUNTIME_AUDIENCE, LONG);
        String user = cluster.token(namespace, "runtime", LONG);

        assertThat(authenticator.authenticate(runtime, RUNTIME_AUDIENCE).serviceAccount())
                .contains(namespace + "/runtime");
        assertThatThrownBy(() -> authenticator.authenticate(runtime, USER_AUDIENCE))
                .isInstanceOf(UnauthenticatedException.class);
        assertThatThrownBy(() -> authenticator.authenticate(user, RUNTIME_AUDIENCE))
                .isInstanceOf(UnauthenticatedException.class)
                .hasMessageContaining("audience tagma");
    }

    @Test
    void garbageIsNobodys() {
        for (String token : List.of("", "x", "a.b.c", "x".repeat(TokenReviewAuthenticator.TOKEN_MAX + 1))) {
            assertThatThrownBy(() -> authenticator.authenticate(token, USER_AUDIENCE))
                    .isInstanceOf(UnauthenticatedException.class);
        }
    }

    @Test
    void aDeletedServiceAccountIsBelievedForTenSecondsAtMostOnceTheApiServerForgotIt() {
        String token = cluster.token(namespace, "leaver", LONG);
        authenticator.authenticate(token, USER_AUDIENCE);
        client.serviceAccounts().inNamespace(namespace).withName("leaver").delete();

        nanos.addAndGet(AccessSettings.GOOD_MAX.minusMillis(1).toNanos());
        assertThat(authenticator.authenticate(token, USER_AUDIENCE).serviceAccount())
                .contains(namespace + "/leaver");
        // the API server has a memory of its own for tokens, of ten seconds of the real clock
        await().untilAsserted(() -> {
            nanos.addAndGet(AccessSettings.GOOD_MAX.toNanos());
            assertThatThrownBy(() -> authenticator.authenticate(token, USER_AUDIENCE))
                    .isInstanceOf(UnauthenticatedException.class);
        });
    }

    @Test
    void whatIsRememberedIsBounded() {
        AccessSettings small =
                new AccessSettings(Duration.ofSeconds(10), Duration.ofSeconds(10), 5, 4, Duration.ofSeconds(5));
        TokenReviewAuthenticator few = new TokenReviewAuthenticator(client, small, threads, nanos::get);
        for (int i = 0; i < 40; i++) {
            String token = "made-up-" + i;
            assertThatThrownBy(() -> few.authenticate(token, USER_AUDIENCE))
                    .isInstanceOf(UnauthenticatedException.class);
        }

        assertThat(few.remembered()).isLessThanOrEqualTo(5);
    }

    @Test
    void whatRbacGrantsIsPermittedAndNothingElse() {
        grant("reader", "missions", "get", "list");
        Caller reader = caller("reader");

        assertThat(authorizer.permits(reader, deed("get", "missions"))).isTrue();
        assertThat(authorizer.permits(reader, new Deed("list", "missions", namespace, "")))
                .isTrue();
        for (String verb : List.of("create", "patch", "delete", "watch")) {
            assertThat(authorizer.permits(reader, deed(verb, "missions")))
                    .as(verb)
                    .isFalse();
        }
        assertThat(authorizer.permits(reader, deed("get", "missions/transcript")))
                .isFalse();
        assertThat(authorizer.permits(reader, deed("get", "agentpools"))).isFalse();
        assertThat(authorizer.permits(reader, new Deed("list", "missions", "", "")))
                .isFalse();
        assertThat(authorizer.permits(reader, new Deed("get", "missions", "default", "m")))
                .isFalse();
    }

    @Test
    void aRightOfAGroupIsItsMembersRight() {
        grant("grouped", "missions", "get");
        client.rbac()
                .roleBindings()
                .inNamespace(namespace)
                .resource(new RoleBindingBuilder()
                        .withNewMetadata()
                        .withName("by-group")
                        .withNamespace(namespace)
                        .endMetadata()
                        .withNewRoleRef("rbac.authorization.k8s.io", "Role", "grouped-missions")
                        .addNewSubject()
                        .withKind("Group")
                        .withApiGroup("rbac.authorization.k8s.io")
                        .withName("auditors")
                        .endSubject()
                        .build())
                .create();
        Caller member = new Caller("jane", "", Set.of("auditors"), Map.of("scopes", List.of("all")));
        await().untilAsserted(() -> {
            nanos.addAndGet(AccessSettings.DEFAULT.bad().toNanos());
            assertThat(authorizer.permits(member, deed("get", "missions"))).isTrue();
        });
        assertThat(authorizer.permits(new Caller("jane", "", Set.of(), Map.of()), deed("get", "missions")))
                .as("the same name without its group")
                .isFalse();
    }

    @Test
    void transcriptsNeedTheirOwnPermission() {
        grant("auditor", "missions/transcript", "get");

        assertThat(authorizer.permits(caller("auditor"), deed("get", "missions/transcript")))
                .isTrue();
        assertThat(authorizer.permits(caller("auditor"), deed("get", "missions")))
                .isFalse();
    }

    @Test
    void aRightThatIsGivenWorksAfterTwoSecondsAndOneThatIsTakenAwayAfterTen() {
        Caller caller = caller("promoted");
        assertThat(authorizer.permits(caller, deed("get", "missions"))).isFalse();
        grant("promoted", "missions", "get");
        nanos.addAndGet(AccessSettings.DEFAULT.bad().toNanos());
        await().untilAsserted(() -> {
            nanos.addAndGet(AccessSettings.DEFAULT.bad().toNanos());
            assertThat(authorizer.permits(caller, deed("get", "missions"))).isTrue();
        });

        client.rbac()
                .roleBindings()
                .inNamespace(namespace)
                .withName("promoted-missions")
                .delete();
        assertThat(authorizer.permits(caller, deed("get", "missions"))).isTrue();
        await().untilAsserted(() -> {
            nanos.addAndGet(AccessSettings.GOOD_MAX.toNanos());
            assertThat(authorizer.permits(caller, deed("get", "missions"))).isFalse();
        });
    }

    @Test
    void anApiServerThatIsAwayLetsNobodyIn() {
        try (Cluster own = Cluster.own()) {
            AccessSettings impatient =
                    new AccessSettings(Duration.ofSeconds(10), Duration.ofSeconds(2), 100, 4, Duration.ofSeconds(1));
            var who = new TokenReviewAuthenticator(own.client(), impatient, threads, nanos::get);
            var may = new SubjectAccessReviewAuthorizer(own.client(), impatient, threads, nanos::get);
            String token = own.token("default", "somebody", LONG);
            Caller somebody = who.authenticate(token, USER_AUDIENCE);
            own.stopApiServer();

            assertThat(who.authenticate(token, USER_AUDIENCE)).isEqualTo(somebody);
            assertThatThrownBy(() -> who.authenticate(token + "x", USER_AUDIENCE))
                    .isInstanceOf(AccessUnavailableException.class);
            assertThatThrownBy(() -> may.permits(somebody, new Deed("get", "missions", "default", "m")))
                    .isInstanceOf(AccessUnavailableException.class);
        }
    }

    private Caller caller(String name) {
        return new Caller("system:serviceaccount:" + namespace + ":" + name, "", Set.of(), Map.of());
    }

    private Deed deed(String verb, String resource) {
        return new Deed(verb, resource, namespace, "m");
    }

    private void grant(String account, String resource, String... verbs) {
        Grants.grant(cluster, namespace, account, resource, verbs);
    }
}
