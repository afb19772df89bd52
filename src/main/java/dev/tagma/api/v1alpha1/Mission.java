package dev.tagma.api.v1alpha1;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Version;

/** A goal given to an agent of a pool, run to its end. */
@Group("tagma.dev")
@Version("v1alpha1")
public class Mission extends CustomResource<MissionSpec, MissionStatus> implements Namespaced {
    private static final long serialVersionUID = 1L;
}
