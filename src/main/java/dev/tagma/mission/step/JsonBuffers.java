package dev.tagma.mission.step;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.util.BufferRecycler;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.core.util.RecyclerPool;

/**
 * How JSON is read and written on virtual threads. Jackson keeps 16 KiB of buffers for each thread that ever touched it, and a mission's
 * thread lives as long as its mission waits: all threads share these buffers instead.
 */
public final class JsonBuffers {
    /** The buffers. */
    public static final RecyclerPool<BufferRecycler> SHARED = JsonRecyclerPools.sharedConcurrentDequePool();

    private JsonBuffers() {}

    /** A factory for a mapper that missions use; one each, because a mapper's features are its factory's. */
    public static JsonFactory factory() {
        return JsonFactory.builder().recyclerPool(SHARED).build();
    }
}
