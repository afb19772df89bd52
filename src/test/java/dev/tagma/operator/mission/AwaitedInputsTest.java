package dev.tagma.operator.mission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tagma.api.v1alpha1.AgentPool;
import dev.tagma.api.v1alpha1.KeyRef;
import dev.tagma.api.v1alpha1.ModelProvider;
import dev.tagma.catalog.Catalog;
import dev.tagma.catalog.CatalogUnavailableException;
import dev.tagma.operator.mission.WaitingRoom.Need;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AwaitedInputsTest {
    private static final ResourceID MISSION = new ResourceID("m", "n");

    private final Declared catalog = new Declared();
    private final WaitingRoom waiting = new WaitingRoom();
    private final List<Need> changed = new ArrayList<>();
    private final AwaitedInputs inputs = new AwaitedInputs(catalog, waiting, changed::add);

    @Test
    void whatAppearsOrChangesIsToldOnce() {
        Need.ConfigMap need = need("inputs");
        waiting.enter(MISSION, Set.of(need, new Need.Namespace("n")));
        inputs.round();
        assertThat(changed).isEmpty();
        catalog.texts.put("inputs", "{}");
        inputs.round();
        inputs.round();
        assertThat(changed).containsExactly(need);
        catalog.texts.put("inputs", "{a: 1}");
        inputs.round();
        assertThat(changed).containsExactly(need, need);
    }

    @Test
    void whatNobodyWaitsForIsNotRead() {
        waiting.enter(MISSION, Set.of(need("inputs")));
        waiting.leave(MISSION);
        inputs.round();
        assertThat(catalog.reads).isZero();
        assertThat(waiting.configMaps()).isEmpty();
        assertThat(waiting.waitingFor(need("inputs"))).isEmpty();
    }

    @Test
    void aRoundReadsSomeAndTheNextOneTheRest() {
        int count = AwaitedInputs.AT_ONCE + 5;
        for (int i = 0; i < count; i++) {
            waiting.enter(new ResourceID("m-" + i, "n"), Set.of(need("inputs-" + i)));
            catalog.texts.put("inputs-" + i, "{}");
        }
        inputs.round();
        assertThat(changed).hasSize(AwaitedInputs.AT_ONCE);
        inputs.round();
        assertThat(changed).hasSize(count).doesNotHaveDuplicates();
    }

    @Test
    void oneThatCannotBeReadHidesNoOther() {
        waiting.enter(MISSION, Set.of(need("forbidden")));
        catalog.forbidden = true;
        assertThatThrownBy(inputs::round).isInstanceOf(CatalogUnavailableException.class);
        waiting.enter(new ResourceID("other", "n"), Set.of(need("inputs")));
        catalog.texts.put("inputs", "{}");
        for (int i = 0; i < 3; i++) {
            roundThatMayFail();
        }
        assertThat(changed).containsExactly(need("inputs"));
    }

    private void roundThatMayFail() {
        try {
            inputs.round();
        } catch (CatalogUnavailableException e) {
            assertThat(e).hasMessage("forbidden");
        }
    }

    @Test
    void manyMissionsMayWaitForTheSameAndOneForMany() {
        ResourceID other = new ResourceID("other", "n");
        waiting.enter(MISSION, Set.of(need("a"), need("b")));
        waiting.enter(other, Set.of(need("a")));
        assertThat(waiting.waitingFor(need("a"))).containsExactlyInAnyOrder(MISSION, other);
        waiting.enter(MISSION, Set.of(need("b")));
        assertThat(waiting.waitingFor(need("a"))).containsExactly(other);
        assertThat(waiting.waitingFor(need("b"))).containsExactly(MISSION);
        assertThat(waiting.all()).containsExactlyInAnyOrder(MISSION, other);
    }

    private static Need.ConfigMap need(String name) {
        return new Need.ConfigMap("n", new KeyRef(name, "json"));
    }

    /** ConfigMaps of one key. */
    private static final class Declared implements Catalog {
        private final Map<String, String> texts = new HashMap<>();
        private boolean forbidden;
        private int reads;

        @Override
        public Optional<String> configMap(String namespace, KeyRef ref) {
            reads++;
            if (forbidden && ref.name().equals("forbidden")) {
                throw new CatalogUnavailableException("forbidden", null);
            }
            return Optional.ofNullable(texts.get(ref.name()));
        }

        @Override
        public Optional<AgentPool> pool(String namespace, String name) {
            return Optional.empty();
        }

        @Override
        public Optional<ModelProvider> provider(String namespace, String name) {
            return Optional.empty();
        }

        @Override
        public Optional<String> secret(String namespace, KeyRef ref) {
            return Optional.empty();
        }

        @Override
        public boolean hasSecret(String namespace, String name) {
            return false;
        }

        @Override
        public Map<String, String> namespaceLabels(String namespace) {
            return Map.of();
        }

        @Override
        public String absence() {
            return "does not exist";
        }
    }
}
