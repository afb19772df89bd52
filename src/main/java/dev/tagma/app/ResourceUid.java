package dev.tagma.app;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * UIDs of resources that no API server ever gave one: the same for the same kind, namespace and name, so that a second run of the
 * same manifests finds its missions again.
 */
public final class ResourceUid {
    private ResourceUid() {}

    /** The UID of the resource called {@code namespace/name}. */
    public static UUID of(String kind, String namespace, String name) {
        return UUID.nameUUIDFromBytes(
                ("tagma.dev/" + kind + "/" + namespace + "/" + name).getBytes(StandardCharsets.UTF_8));
    }
}
