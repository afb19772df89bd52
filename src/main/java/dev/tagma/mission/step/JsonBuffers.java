package dev.tagma.mission.step;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;

/**
 * How JSON is read and written on virtual threads. Jackson keeps 16 KiB of buffers for each thread that ever touched it, and a mission's
 * thread lives as long as its mission waits: all threads share these buffers instead.
 */
public final class JsonBuffers {
    /** For mappers that missions use. */
    public static final JsonFactory SHARED = JsonFactory.builder()
            .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
            .build();

    private JsonBuffers() {}
}
