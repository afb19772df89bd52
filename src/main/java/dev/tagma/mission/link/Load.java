package dev.tagma.mission.link;

/**
 * How busy a runtime's process is, as it says itself.
 *
 * @param cpuPermille of the CPUs that it may use, 0 to 1000, since the last heartbeat or so
 * @param memoryUsed bytes of memory in use, garbage that is not collected yet included
 * @param memoryLimit bytes of memory that it may use, beyond which it dies; 0 where it has not said
 */
public record Load(int cpuPermille, long memoryUsed, long memoryLimit) {
    /** Of a runtime that has said nothing yet. */
    public static final Load UNKNOWN = new Load(0, 0, 0);

    private static final int MAX_PERMILLE = 1000;

    /** What is out of range is cut to it: a wrong number must not cost a lease. */
    public Load {
        cpuPermille = Math.clamp(cpuPermille, 0, MAX_PERMILLE);
        memoryUsed = Math.max(0, memoryUsed);
        memoryLimit = Math.max(0, memoryLimit);
    }
}
