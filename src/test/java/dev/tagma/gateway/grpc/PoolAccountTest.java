package dev.tagma.gateway.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tagma.api.v1alpha1.AgentPool;
import dev.tagma.catalog.CatalogUnavailableException;
import dev.tagma.catalog.FakeCatalog;
import dev.tagma.gateway.access.Caller;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoolAccountTest {
    private static final UUID POOL = new UUID(1, 1);

    private final FakeCatalog catalog = new FakeCatalog();
    private final PoolAccount account = new PoolAccount(catalog);

    @BeforeEach
    void declare() {
        declare("platform", "analysts", POOL);
        declare("elsewhere", "analysts", new UUID(2, 2));
        declare("platform", "others", new UUID(3, 3));
    }

    private void declare(String namespace, String name, UUID uid) {
        AgentPool pool = new AgentPool();
        pool.setMetadata(new ObjectMetaBuilder()
                .withNamespace(namespace)
                .withName(name)
                .withUid(uid.toString())
                .build());
        catalog.declare(pool);
    }

    private static Caller pod(String user) {
        return new Caller(
                user, "", Set.of(), Map.of("authentication.kubernetes.io/pod-uid", List.of(new UUID(9, 9).toString())));
    }

    @Test
    void thePoolsOwnAccountServesIt() {
        assertThat(account.objection(pod("system:serviceaccount:platform:analysts-runtime"), POOL))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "system:serviceaccount:elsewhere:analysts-runtime, serves the AgentPool of UID",
        "system:serviceaccount:platform:others-runtime, serves the AgentPool of UID",
        "system:serviceaccount:platform:analysts, is no service account of a pool",
        "system:serviceaccount:platform:nobody-runtime, the AgentPool platform/nobody",
        "system:serviceaccount:platform:-runtime, the AgentPool platform/",
        "system:node:analysts-runtime, is no service account of a pool",
        "platform:analysts-runtime, is no service account of a pool",
        "admin, is no service account of a pool"
    })
    void anotherDoesNot(String user, String objection) {
        assertThat(account.objection(pod(user), POOL))
                .hasValueSatisfying(words -> assertThat(words).contains(objection));
    }

    @Test
    void aTokenThatIsBoundToNoPodServesNothing() {
        Caller stolen = new Caller("system:serviceaccount:platform:analysts-runtime", "", Set.of(), Map.of());
        assertThat(account.objection(stolen, POOL))
                .hasValueSatisfying(words -> assertThat(words).contains("not bound to a pod"));
    }

    @Test
    void nobodyServesAPoolThatCannotBeTold() {
        catalog.untold("platform", "analysts");
        assertThatThrownBy(() -> account.objection(pod("system:serviceaccount:platform:analysts-runtime"), POOL))
                .isInstanceOf(CatalogUnavailableException.class);
    }
}
