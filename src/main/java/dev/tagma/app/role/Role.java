package dev.tagma.app.role;

import java.util.Map;

/** One of the three processes while it runs. Closing drains it: what is in flight ends, what is left is handed over. */
public interface Role extends AutoCloseable {
    /** Whether it can do its work right now, and what keeps it from that. Asked often: answers from what it knows, without I/O. */
    Readiness readiness();

    @Override
    void close();

    /**
     * Whether a role can do its work.
     *
     * @param parts by name, each with what it says of itself
     */
    record Readiness(boolean ready, Map<String, String> parts) {
        public Readiness {
            parts = Map.copyOf(parts);
        }
    }
}
