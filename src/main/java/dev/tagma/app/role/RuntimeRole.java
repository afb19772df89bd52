package dev.tagma.app.role;

import io.micrometer.core.instrument.MeterRegistry;

/** A runtime pod's process: it knows its gateway and nothing else. */
final class RuntimeRole {
    private RuntimeRole() {}

    static Role start(RuntimeRoleSettings settings, MeterRegistry meters) {
        throw new IllegalStateException("there is no line to a gateway yet");
    }
}
