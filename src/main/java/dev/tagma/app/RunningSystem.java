package dev.tagma.app;

import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.MissionStore;
import dev.tagma.mission.NewMission;
import dev.tagma.mission.StepLog;
import java.time.Duration;
import java.util.List;

/**
 * Tagma at work in this process, as the commands see it: store, gateway, dispatcher and runtimes, wired. Throws {@link
 * dev.tagma.mission.StoreUnavailableException} while the store does not answer.
 */
public interface RunningSystem extends AutoCloseable {
    /**
     * Resolves what the missions refer to (pool, agent, inputs) and merges defaults, without storing anything; in the order of the
     * manifests. Throws {@link UnresolvedException} with everything that is missing.
     */
    List<NewMission> prepare();

    /** Publishes the pools, starts their runtimes and admits the missions: one record per mission, in the given order. */
    List<MissionRecord> submit(List<NewMission> missions);

    /** The missions. */
    MissionStore missions();

    /** Their steps. */
    StepLog steps();

    /**
     * Takes no more missions, lets the calls in flight end and hands the rest back. Returns once nothing runs here, or after {@code
     * patience} at the latest: what still runs then is handed back without its call in flight. False in that case.
     */
    boolean drain(Duration patience);

    /** Stops at once; what runs is left to the next owner. Safe to repeat. */
    @Override
    void close();

    /** Builds a system. */
    interface Starter {
        /** Connects to the store, migrates it and wires the engines; runs nothing before {@link #submit}. */
        RunningSystem start(Settings settings);
    }

    /**
     * What a system is built from.
     *
     * @param database where the store is
     * @param resources what the manifests declare
     * @param replicas runtime instances per pool, or null for what each pool says
     */
    record Settings(DatabaseAddress database, Resources resources, Integer replicas) {}

    /** References of the manifests that lead nowhere. */
    final class UnresolvedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final List<String> problems;

        public UnresolvedException(List<String> problems) {
            super(String.join("\n", problems));
            this.problems = List.copyOf(problems);
        }

        /** One line each: the resource, the field, what it names, the fix. */
        public List<String> problems() {
            return problems;
        }
    }
}
