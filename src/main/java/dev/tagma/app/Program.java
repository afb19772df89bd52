package dev.tagma.app;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;

/** What the commands are made of: how manifests are read, a system is started, a store is opened. */
record Program(ManifestSource manifests, RunningSystem.Starter starter, OpenStore.Opener opener) {
    /** Reads and writes what people see. */
    static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
            .build();

    /** The one that users run. */
    static Program real() {
        return new Program(new CheckedManifests(System.in), EmbeddedSystem::start, OpenStore::onPostgres);
    }
}
