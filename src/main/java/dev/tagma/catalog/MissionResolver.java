package dev.tagma.catalog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.tagma.api.v1alpha1.AgentPool;
import dev.tagma.api.v1alpha1.Mission;
import dev.tagma.api.v1alpha1.MissionSpec;
import dev.tagma.mission.Admission;
import dev.tagma.mission.Admission.Candidate;
import dev.tagma.mission.Admission.Verdict;
import dev.tagma.mission.Reason;
import java.util.Optional;
import java.util.UUID;

/** Decides over a Mission with what is declared: its pool, who may use it, and the inputs that are kept elsewhere. */
public final class MissionResolver {
    private static final ObjectMapper EXACT = YAMLMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private final Catalog catalog;

    public MissionResolver(Catalog catalog) {
        this.catalog = catalog;
    }

    /** A pool by name. */
    public record PoolName(String namespace, String name) {
        /** The pool that the mission names, or by default means. */
        public static PoolName of(Mission mission) {
            MissionSpec.PoolRef ref = mission.getSpec().poolRef();
            return new PoolName(
                    ref == null || ref.namespace() == null
                            ? mission.getMetadata().getNamespace()
                            : ref.namespace(),
                    ref == null || ref.name() == null ? "default" : ref.name());
        }
    }

    /** The mission's pool, if it is declared. */
    public Optional<AgentPool> pool(Mission mission) {
        PoolName name = PoolName.of(mission);
        return catalog.pool(name.namespace(), name.name());
    }

    /** The verdict. Throws {@link CatalogUnavailableException} where it cannot be told at the moment. */
    public Verdict decide(Mission mission) {
        return decide(mission, pool(mission).orElse(null));
    }

    /** The verdict for a mission whose pool is known, or null where there is none. */
    public Verdict decide(Mission mission, AgentPool pool) {
        MissionSpec spec = mission.getSpec();
        String namespace = mission.getMetadata().getNamespace();
        JsonNode inputs = null;
        if (spec.inputsFrom() != null) {
            Optional<String> text =
                    catalog.configMap(namespace, spec.inputsFrom().configMapKeyRef());
            try {
                inputs = text.isEmpty() ? null : EXACT.readTree(text.get());
            } catch (JsonProcessingException e) {
                return new Verdict.Pending(
                        Reason.InputsNotFound,
                        "spec.inputsFrom names a ConfigMap key that holds neither JSON nor YAML: "
                                + e.getOriginalMessage());
            }
        }
        return Admission.decide(new Candidate(
                UUID.fromString(mission.getMetadata().getUid()),
                namespace,
                mission.getMetadata().getName(),
                spec,
                pool == null ? null : door(pool, namespace),
                inputs));
    }

    private Admission.Pool door(AgentPool pool, String namespace) {
        String owner = pool.getMetadata().getNamespace();
        return new Admission.Pool(
                UUID.fromString(pool.getMetadata().getUid()),
                owner,
                pool.getMetadata().getName(),
                pool.getSpec(),
                Permission.given(pool.getSpec().allowedNamespaces(), owner, namespace, catalog));
    }
}
