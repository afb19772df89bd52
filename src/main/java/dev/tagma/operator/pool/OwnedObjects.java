package dev.tagma.operator.pool;

import dev.tagma.operator.OperatorSettings;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps objects as they should be, by server-side apply: fields that somebody else changed come back, fields of others stay. Asks the API
 * server only where what is wanted or what is there has changed since it was applied last.
 */
final class OwnedObjects {
    private final KubernetesClient client;
    private final Map<String, Applied> applied = new ConcurrentHashMap<>();

    OwnedObjects(KubernetesClient client) {
        this.client = client;
    }

    /** An object of this name belongs to somebody else, or to a former owner that is on its way out. */
    static final class NotOursException extends Exception {
        private static final long serialVersionUID = 1L;

        NotOursException(HasMetadata object) {
            super(object.getKind() + " " + object.getMetadata().getName()
                    + " exists and does not belong to this pool: delete it, or wait until it is gone");
        }
    }

    /**
     * Applies {@code wanted}, whose one owner is the controller. Answers the object as it is now.
     *
     * @param seen the object as it was seen last, or null where it was not
     */
    <T extends HasMetadata> T keep(T wanted, T seen) throws NotOursException {
        String key = key(wanted);
        Applied before = applied.get(key);
        if (before != null && seen != null && before.wanted().equals(wanted) && before.still(seen)) {
            return seen;
        }
        if (before == null || seen == null) {
            refuseForeign(wanted, seen);
        }
        T now = client.resource(wanted)
                .patch(
                        new PatchContext.Builder()
                                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                                .withFieldManager(OperatorSettings.FIELD_MANAGER)
                                .withForce(true)
                                .build(),
                        wanted);
        applied.put(key, new Applied(wanted, now.getMetadata()));
        return now;
    }

    /** Forgets what was applied for an owner that is gone. */
    void forget(String owner) {
        applied.keySet().removeIf(key -> key.endsWith(" " + owner));
    }

    private static String key(HasMetadata wanted) {
        return wanted.getKind() + " " + owner(wanted.getMetadata());
    }

    private static String owner(ObjectMeta metadata) {
        return metadata.getOwnerReferences().stream()
                .filter(each -> Boolean.TRUE.equals(each.getController()))
                .map(each -> each.getUid())
                .findFirst()
                .orElse("");
    }

    private void refuseForeign(HasMetadata wanted, HasMetadata seen) throws NotOursException {
        HasMetadata there = seen != null ? seen : client.resource(wanted).get();
        if (there != null && !owner(there.getMetadata()).equals(owner(wanted.getMetadata()))) {
            throw new NotOursException(wanted);
        }
    }

    /** What was wanted, and the object that came of it. */
    private record Applied(HasMetadata wanted, ObjectMeta result) {
        /** Whether nobody changed the object since in what we care for: its spec, or its labels and owners. */
        boolean still(HasMetadata seen) {
            ObjectMeta now = seen.getMetadata();
            return Objects.equals(now.getUid(), result.getUid())
                    && (result.getGeneration() == null
                            ? Objects.equals(now.getResourceVersion(), result.getResourceVersion())
                            : Objects.equals(now.getGeneration(), result.getGeneration()))
                    && Objects.equals(now.getLabels(), result.getLabels())
                    && Objects.equals(now.getOwnerReferences(), result.getOwnerReferences());
        }
    }
}
